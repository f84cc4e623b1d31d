import posix
try:
    posix.open("/nonexistent/pratique-fixture", 0)
except OSError:
    pass
