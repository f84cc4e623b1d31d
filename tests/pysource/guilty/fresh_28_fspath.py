class P:
    def __fspath__(self):
        return "/nonexistent/pratique-fixture"


try:
    open(P())
except OSError:
    pass
