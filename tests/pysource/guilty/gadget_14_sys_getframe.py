import sys
b = sys._getframe(0).f_builtins
b["eval"]("6*7")
