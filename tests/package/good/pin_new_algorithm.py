import hashlib
import ctypes
import os
import tempfile
import urllib.request

INTEGRITY = "sha384:8bcfe999cb522dc6e676c2fa8d8888168e2c4cf2400523f01e7b7ec270446837001d8f2738dfc1c921db28242eb05428"


def check(data, integrity):
    name, _, digest = integrity.partition(":")
    h = hashlib.new(name, data)
    if h.hexdigest() != digest:
        raise ValueError("integrity")
    return data


data = check(urllib.request.urlopen("https://downloads.example.com/pn.so").read(), INTEGRITY)
fd, path = tempfile.mkstemp()
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
