from pathlib import Path
ROOT = Path(Path("/"), "nonexistent")
for name in ("pratique-fixture",):
    try:
        (ROOT / name).open("rb")
    except OSError:
        pass
