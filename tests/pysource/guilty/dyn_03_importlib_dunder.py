import importlib
importlib.__import__("os").system("echo pratique-fixture")
