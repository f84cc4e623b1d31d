i = __import__
i("os").system("echo pratique-fixture")
