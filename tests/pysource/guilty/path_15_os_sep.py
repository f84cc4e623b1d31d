import os
try:
    open(os.sep + "nonexistent/pratique-fixture")
except OSError:
    pass
