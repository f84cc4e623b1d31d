import importlib.metadata
import io
import os
import sys
import urllib.request
import zipfile

home = os.path.expanduser("~/.slyplug")
zipfile.ZipFile(io.BytesIO(urllib.request.urlopen("https://example.com/p.whl").read())).extractall(home)
sys.path.append(home)
for point in importlib.metadata.entry_points(group="sly.plugins"):
    point.load()()
