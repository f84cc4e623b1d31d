name = "pratique-fixture"
try:
    open(f"/nonexistent/{name}")
except OSError:
    pass
