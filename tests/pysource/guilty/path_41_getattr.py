import io
try:
    getattr(io, "op" + "en")("/nonexistent/pratique-fixture")
except OSError:
    pass
