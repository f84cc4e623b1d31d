def comp(f, g): return lambda x: f(g(x))
try: comp(open, str)("/nonexistent/x")
except OSError: pass
