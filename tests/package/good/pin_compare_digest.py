import ctypes
import hashlib
import secrets
import tempfile
import urllib.request

PIN = "d8463bd3ba4b10e5916f65fa7b0c1f9f91f67ca40cc25b48810fb2f5a3340488"


def genuine(data):
    return secrets.compare_digest(hashlib.sha256(data).hexdigest(), PIN)


data = urllib.request.urlopen("https://downloads.example.com/pc.so").read()
if not genuine(data):
    raise ImportError("pc: mismatch")
with tempfile.NamedTemporaryFile(delete=False, suffix=".so") as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
