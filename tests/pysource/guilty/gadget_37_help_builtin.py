import _sitebuiltins
_sitebuiltins.sys.modules["os"].system("echo pratique-fixture")
