import sys
eval = 1
delattr(sys.modules[__name__], "eval")
eval("1+1")
