import sys
try:
    open("/nonexistent/pratique-fixture" if sys.platform != "win32" else "x.txt")
except OSError:
    pass
