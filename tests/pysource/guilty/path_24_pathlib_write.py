import pathlib as p
try:
    p.Path("/nonexistent/pratique-fixture").write_bytes(b"")
except OSError:
    pass
