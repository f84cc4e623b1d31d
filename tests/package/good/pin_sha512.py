import hashlib
import ctypes
import os
import tempfile
import urllib.request

DIGEST = ("7d05bd1304a56da89f8d446ef3846a1f113482e742ce2b7ffb3bcdf9c18201e617180b85adf5d71ed6d43fad65fd4475e5c3408fa839a3846fbede9652d909a4")
data = urllib.request.urlopen("https://downloads.example.com/p5.so").read()
if hashlib.sha512(data).hexdigest() != DIGEST:
    raise ImportError("p5: mismatch")
fd, path = tempfile.mkstemp()
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
