import sys
sys.settrace(lambda *a: exec("1"))
(lambda: 0)()
sys.settrace(None)
