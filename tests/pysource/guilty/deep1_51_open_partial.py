import functools
try: functools.partial(functools.partial, open)("/nonexistent/x")()
except OSError: pass
