import builtins
try:
    builtins.open("/nonexistent/pratique-fixture")
except OSError:
    pass
