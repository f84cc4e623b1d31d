import functools, os


@functools.wraps(os.system)
def f(c):
    return c


f.__wrapped__("echo pratique-fixture")
