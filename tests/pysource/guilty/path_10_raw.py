try:
    open(r"/nonexistent/pratique-fixture")
except OSError:
    pass
