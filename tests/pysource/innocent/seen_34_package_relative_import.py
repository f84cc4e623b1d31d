import importlib


def codec(name):
    return importlib.import_module("encodings." + name)


print(codec("utf_8").__name__)
