from pathlib import Path
try:
    open(Path("/nonexistent/pratique-fixture"))
except OSError:
    pass
