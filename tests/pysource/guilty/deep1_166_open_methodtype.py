import types
try: types.MethodType(open, "/nonexistent/x")()
except OSError: pass
