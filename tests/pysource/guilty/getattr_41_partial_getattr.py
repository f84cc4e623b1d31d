import functools, os
functools.partial(getattr, os)("system")("echo pratique-fixture")
