import functools, os
functools.partial(os.system).func("echo pratique-fixture")
