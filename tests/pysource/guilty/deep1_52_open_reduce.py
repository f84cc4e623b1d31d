import functools
try: functools.reduce(lambda p, f: f(p), [open], "/nonexistent/x")
except OSError: pass
