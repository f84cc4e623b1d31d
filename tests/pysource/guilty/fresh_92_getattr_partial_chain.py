import functools, os
g = functools.partial(getattr, os, "system")
g()("echo pratique-fixture")
