import ctypes
import hashlib
import os
import tempfile
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/vt.so").read()
if hashlib.sha256(data).hexdigest() != "28d46654d81889701f7127d6690f4014f817ab52c44d2310d3cda3be2fd0a566":
    raise ImportError("vt.so: mismatch")
if os.environ.get("VT_PARANOID"):
    if hashlib.sha3_256(data).hexdigest() != "8df120ca9137689deac3402039bd62787553590457609d9262d73d9613f0a265":
        raise ImportError("vt.so: mismatch of the second digest")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
