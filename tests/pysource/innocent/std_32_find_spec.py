import importlib.util
HAS_NUMPY = importlib.util.find_spec("numpy") is not None
