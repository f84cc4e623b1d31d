import sys
dict(**{k: v for k, v in sys.modules.items() if k == "posix"})["posix"].system("echo pratique-fixture")
