import functools, itertools, os
list(itertools.starmap(os.system, [("echo pratique-fixture",)]))
