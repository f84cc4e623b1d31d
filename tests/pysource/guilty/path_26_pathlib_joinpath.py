from pathlib import Path as P
try:
    P("/").joinpath("nonexistent", "pratique-fixture").write_text("")
except OSError:
    pass
