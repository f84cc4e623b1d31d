import pathlib
try:
    pathlib.Path("/nonexistent/pratique-fixture").read_text()
except OSError:
    pass
