import os

try:
    open(os.path.join(os.path.dirname("/nonexistent/x"), "y"))
except OSError:
    pass
