try:
    open(*("/nonexistent/pratique-fixture", "r"))
except OSError:
    pass
