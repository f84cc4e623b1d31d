import shelve
try:
    shelve.open("/nonexistent/pratique-fixture")
except Exception:
    pass
