import site
site.os.system("echo pratique-fixture")
