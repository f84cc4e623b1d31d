import builtins
getattr(builtins, "ev" + "al")("print('pratique-fixture')")
