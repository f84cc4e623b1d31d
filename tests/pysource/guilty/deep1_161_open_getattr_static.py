class C: __getattr__ = staticmethod(open)
try: getattr(C(), "/nonexistent/x")
except OSError: pass
