from importlib.machinery import ExtensionFileLoader
try:
    ExtensionFileLoader("fixture", "/nonexistent/pratique-fixture.so").create_module(
        __import__("importlib.machinery").machinery.ModuleSpec("fixture", None, origin="x"))
except ImportError:
    pass
