import os
try:
    os.open("/nonexistent/pratique-fixture", os.O_RDONLY)
except OSError:
    pass
