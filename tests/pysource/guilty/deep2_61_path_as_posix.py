from pathlib import Path

try:
    open(Path("/nonexistent/pratique-fixture").as_posix())
except OSError:
    pass
