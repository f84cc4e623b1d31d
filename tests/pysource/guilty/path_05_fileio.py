from io import FileIO
try:
    FileIO("/nonexistent/pratique-fixture")
except OSError:
    pass
