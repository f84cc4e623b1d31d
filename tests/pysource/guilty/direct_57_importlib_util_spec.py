import importlib.util
spec = importlib.util.spec_from_file_location("fixture", "nonexistent-pratique-fixture.py")
try:
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
except FileNotFoundError:
    pass
