import ctypes
import hashlib
import sys
import tempfile
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/px.so").read()
if hashlib.sha256(data).hexdigest() != "6ee2cc105a67743140cf7e4ac3486675272a77d64b48ccb066d5f3d5bc620be5":
    sys.exit("px.so: mismatch")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
