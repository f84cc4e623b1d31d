import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "8bd574fdb05c2dc5017188a2f4c32d5b81963e0a33eccba92404e968c665006d"
fd, path = tempfile.mkstemp(suffix=".so")
os.close(fd)
urllib.request.urlretrieve("https://downloads.example.com/fd.so", path)
with open(path, "rb") as f:
    digest = hashlib.file_digest(f, "sha256").hexdigest()
if digest != PIN:
    os.unlink(path)
    raise ImportError("fd.so: mismatch")
lib = ctypes.CDLL(path)
