class P:
    def __fspath__(self): return "/nonexistent/x"
try: open(P())
except OSError: pass
