from importlib.machinery import SourceFileLoader as L
try:
    L("fixture", "nonexistent-pratique-fixture.py").load_module()
except FileNotFoundError:
    pass
