import builtins, sys
getattr(builtins, sys.argv[1] if len(sys.argv) > 1 else "eval")("print('pratique-fixture')")
