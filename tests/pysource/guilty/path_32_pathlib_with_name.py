import pathlib
try:
    pathlib.Path("/nonexistent/x").with_name("pratique-fixture").open()
except OSError:
    pass
