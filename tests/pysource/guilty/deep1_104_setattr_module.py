import sys, os
setattr(sys.modules[__name__], "q", os)
q.system("echo pratique-fixture")
