import ctypes
import hashlib
import tempfile

import httpx

PIN = "93969d193161ae6fbd17b30055a9ed9789cb4bd80a7df0c6df15d3dd98fd7591"


def feed(h, r, out):
    for block in r.iter_bytes():
        h.update(block)
        out.write(block)


h = hashlib.sha256()
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as out:
    with httpx.stream("GET", "https://downloads.example.com/hp.so") as r:
        feed(h, r, out)
if h.hexdigest() != PIN:
    raise ImportError("hp.so: mismatch")
lib = ctypes.CDLL(out.name)
