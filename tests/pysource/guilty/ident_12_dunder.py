__ｉmport__("os").system("echo pratique-fixture")
