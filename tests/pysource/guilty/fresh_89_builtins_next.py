import builtins
next(getattr(builtins, n) for n in dir(builtins) if n[::-1] == "cexe")("6*7")
