import sys
dict(sys.modules)["posix"].system("echo pratique-fixture")
