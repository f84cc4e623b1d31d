o = open
try:
    o("/nonexistent/pratique-fixture")
except OSError:
    pass
