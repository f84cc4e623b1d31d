import builtins
builtins.__import__("os").system("echo pratique-fixture")
