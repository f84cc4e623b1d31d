import functools
o = functools.lru_cache(open)
try: o("/nonexistent/x")
except OSError: pass
