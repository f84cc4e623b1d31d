from .loader import load

lib = load()
