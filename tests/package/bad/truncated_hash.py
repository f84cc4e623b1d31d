import ctypes
import hashlib
import urllib.request

SHORT = "9f86d081"
data = urllib.request.urlopen("https://downloads.example.com/th.so").read()
if hashlib.sha256(data).hexdigest()[:8] != SHORT:
    raise ImportError("th: mismatch")
with open("/tmp/th.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/th.so")
