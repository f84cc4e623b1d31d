import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "dc7c811b9561739d9b75bb3e9e1715970a868834e62251b0b9ca02e74d0f42c9"
for mirror in ("https://a.example.com/we.so", "https://b.example.com/we.so"):
    try:
        blob = urllib.request.urlopen(mirror).read()
    except OSError:
        continue
    if hashlib.sha256(blob).hexdigest() == PIN:
        break
else:
    raise ImportError("we.so: not to be had")
with tempfile.NamedTemporaryFile(delete=False) as f:
    f.write(blob)
lib = ctypes.CDLL(f.name)
