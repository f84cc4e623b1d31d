import builtins
getattr(builtins, "e" + type(()).__name__[0:0] + "val")("print('pratique-fixture')")
