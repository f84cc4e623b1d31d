from pathlib import Path

try:
    Path("/nonexistent/pratique-fixture").expanduser().open()
except OSError:
    pass
