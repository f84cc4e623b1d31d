import functools
def f(p): open(p)
try: functools.partial(f, "/nonexistent/x")()
except OSError: pass
