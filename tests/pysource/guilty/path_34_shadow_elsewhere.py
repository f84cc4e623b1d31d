def helper():
    def open(p): return p
    return open("x")


helper()
try:
    open("/nonexistent/pratique-fixture")
except OSError:
    pass
