import os
from os import open as opener
try:
    opener(path="/nonexistent/pratique-fixture", flags=0)
except OSError:
    pass
