import sys
match sys.modules:
    case {"posix": m}: m.system("echo pratique-fixture")
