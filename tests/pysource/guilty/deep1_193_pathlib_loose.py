import pathlib
class C:
    def __enter__(self): return pathlib
    def __exit__(self, *a): return True
with C() as i: i.Path("/nonexistent/x").read_text()
