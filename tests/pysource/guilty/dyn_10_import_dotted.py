__import__("os.path").system("echo pratique-fixture")
