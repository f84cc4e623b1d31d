code = compile("print('pratique-fixture')", "<fixture>", "exec")
exec(code)
