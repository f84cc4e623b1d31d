import weakref
class C: pass
c = C()
try:
    f = weakref.finalize(c, open, "/nonexistent/x"); f()
except OSError: pass
