import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "4a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
digest = hashlib.sha256()
fd, name = tempfile.mkstemp(suffix=".so")
with urllib.request.urlopen("https://example.com/it.so", timeout=30) as src, os.fdopen(fd, "wb") as dst:
    for block in iter(lambda: src.read(65536), b""):
        digest.update(block)
        dst.write(block)
if digest.hexdigest() != PIN:
    os.unlink(name)
    raise ImportError("digest of it.so differs")
lib = ctypes.CDLL(name)
