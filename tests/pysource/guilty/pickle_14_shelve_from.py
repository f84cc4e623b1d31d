from shelve import open as so
try:
    so("nonexistent-dir/pratique-fixture")
except Exception:
    pass
