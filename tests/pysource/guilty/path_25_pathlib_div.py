from pathlib import Path
try:
    (Path("/") / "nonexistent" / "pratique-fixture").read_bytes()
except OSError:
    pass
