import ctypes
import hashlib
import tempfile
import urllib.request

PIN = bytes.fromhex("f0788930eeefb02099178574dc0d57f1f8f18f0f990dae7637a0f62e9d769c51")
with urllib.request.urlopen("https://downloads.example.com/fpb.so") as r:
    data = r.read()
if not hashlib.sha256(data).digest() == PIN:
    raise ImportError("fpb.so: mismatch")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
