g = globals()["__builtins__"]
(g["eval"] if isinstance(g, dict) else g.eval)("print('pratique-fixture')")
