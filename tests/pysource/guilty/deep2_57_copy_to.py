import shutil

try:
    shutil.copy(__file__, "/nonexistent/pratique-fixture")
except OSError:
    pass
