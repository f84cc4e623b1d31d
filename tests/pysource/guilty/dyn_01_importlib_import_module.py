import importlib
importlib.import_module("os").system("echo pratique-fixture")
