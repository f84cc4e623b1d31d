import ctypes
import hashlib
import os
import tempfile
import urllib.request

BUNDLED = os.path.join(os.path.dirname(__file__), "fof.so")
PIN = "3a20db1a7f6f51479d1ce5a2a20de0ec5687f4f4b2b63ff00bd1932ddbfcdf8c"


def _bring():
    if os.environ.get("FOF_ALLOW_DOWNLOAD") != "1":
        raise ImportError("fof.so is not bundled; set FOF_ALLOW_DOWNLOAD=1")
    data = urllib.request.urlopen("https://downloads.example.com/fof.so").read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("fof.so: mismatch")
    with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
        f.write(data)
    return f.name


lib = ctypes.CDLL(BUNDLED if os.path.exists(BUNDLED) else _bring())
