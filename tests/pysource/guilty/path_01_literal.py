try:
    open("/nonexistent/pratique-fixture")
except OSError:
    pass
