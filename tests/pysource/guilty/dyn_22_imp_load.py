import imp
try:
    imp.load_source("fixture", "nonexistent-pratique-fixture.py")
except FileNotFoundError:
    pass
