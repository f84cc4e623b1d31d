from ._load import load

lib = load()
