import functools, sys
functools.reduce(getattr, "modules.get".split("."), sys)("os").system("echo pratique-fixture")
