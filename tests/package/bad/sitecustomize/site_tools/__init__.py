NAME = "site_tools"
