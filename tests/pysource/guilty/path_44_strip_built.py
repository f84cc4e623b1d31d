try:
    open(" /nonexistent/pratique-fixture ".strip())
except OSError:
    pass
