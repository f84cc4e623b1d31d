import _imp, sys
m = _imp.create_builtin(sys.modules["posix"].__spec__)
m.system("echo pratique-fixture")
