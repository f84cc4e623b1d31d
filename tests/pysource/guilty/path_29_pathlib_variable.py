from pathlib import Path
base = Path("/nonexistent")
target = base / "pratique-fixture"
try:
    target.read_text()
except OSError:
    pass
