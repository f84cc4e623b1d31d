import importlib
importlib.import_module("c" + "types").CDLL(None)
