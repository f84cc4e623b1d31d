try:
    list(map(open, ["/nonexistent/pratique-fixture"]))
except OSError:
    pass
