import contextlib


class open_:
    open = print


try:
    open("/nonexistent/pratique-fixture")
except OSError:
    pass
