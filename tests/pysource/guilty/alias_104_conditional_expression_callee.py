import sys
(exec if sys.maxsize else print)("print('pratique-fixture')")
