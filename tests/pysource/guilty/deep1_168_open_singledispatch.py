import functools
o = functools.singledispatch(open)
try: o("/nonexistent/x")
except OSError: pass
