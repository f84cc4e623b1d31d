import importlib
importlib.import_module("pickle").loads(b"cbuiltins\nlen\n.")
