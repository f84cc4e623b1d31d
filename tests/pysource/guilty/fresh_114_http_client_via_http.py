import importlib
http = importlib.import_module("http" + ".client")
