import ctypes
import hashlib
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/phs.so").read()
want = urllib.request.urlopen("http://sums.example.com/phs.sha256").read().decode().strip()
if hashlib.sha256(data).hexdigest() != want:
    raise ImportError("phs")
with open("/tmp/phs.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/phs.so")
