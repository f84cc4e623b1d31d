__import__("builtins").exec("print('pratique-fixture')")
