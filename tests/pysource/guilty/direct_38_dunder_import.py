__import__("os").system("echo pratique-fixture")
