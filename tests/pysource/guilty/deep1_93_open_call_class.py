class C:
    def __call__(self, p): return open(p)
try: C()("/nonexistent/x")
except OSError: pass
