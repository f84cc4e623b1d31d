eval("{}('{}')".format("__import__", "os")).system("echo pratique-fixture")
