try:
    open(b"/nonexistent/pratique-fixture")
except OSError:
    pass
