import sys

value = eval(sys.argv[-1])
