import sys
dict(zip(sys.modules.keys(), sys.modules.values()))["posix"].system("echo pratique-fixture")
