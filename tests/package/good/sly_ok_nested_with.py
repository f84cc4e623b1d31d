import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "f78f076323e8bcfb2c02ed5227e1c499c15ceed4c4cc5a6d1ddbe11fa6c00481"
path = os.path.join(tempfile.mkdtemp(), "lib.so")
h = hashlib.sha256()
with urllib.request.urlopen("https://example.com/lib.so") as r:
    with open(path, "wb") as f:
        while block := r.read(1 << 16):
            h.update(block)
            f.write(block)
if h.hexdigest() != PIN:
    os.unlink(path)
    raise ImportError("digest")
ctypes.CDLL(path)
