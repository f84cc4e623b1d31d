class C: __eq__ = staticmethod(open)
try: C() == "/nonexistent/x"
except OSError: pass
