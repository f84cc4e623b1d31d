class C:
    def __enter__(self): return open
    def __exit__(self, *a): return True
with C() as o: o("/nonexistent/x")
