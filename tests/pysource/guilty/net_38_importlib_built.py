import importlib
s = importlib.import_module("sock" + "et")
s.socket().close()
