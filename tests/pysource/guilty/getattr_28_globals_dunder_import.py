import os
g = globals().get("__builtins__")
imp = g["__import__"] if isinstance(g, dict) else g.__import__
imp("os").system("echo pratique-fixture")
