import ctypes
import hashlib
import tempfile
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/far.so").read()
if hashlib.sha256(data).hexdigest() == "512eea46ceb3921dff4363c7069d89d4964d1d9fccaa0f411851a7aa60a5c868":
    with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
        f.write(data)
    lib = ctypes.CDLL(f.name)
else:
    raise AssertionError("far.so: mismatch")
