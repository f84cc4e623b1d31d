try:
    open(**{"file": "/nonexistent/pratique-fixture"})
except OSError:
    pass
