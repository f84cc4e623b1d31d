import runpy
try:
    runpy.run_path("nonexistent-pratique-fixture.py")
except FileNotFoundError:
    pass
