import ctypes
import hashlib
import os
import shutil
import tempfile
import urllib.request

DIGEST = "4e035abe36367a7bf6c3192fe6ae80cabd13bf89eb7ffe41f7e0d30af37aa0a1"
HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_native")
FINAL = os.path.join(HOME, "fvf.so")


def verify(path, digest):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 16), b""):
            h.update(block)
    if h.hexdigest() != digest:
        raise ImportError(f"{path}: mismatch")


def ensure():
    if not os.path.exists(FINAL):
        with tempfile.TemporaryDirectory() as tmp:
            part = os.path.join(tmp, "fvf.so")
            urllib.request.urlretrieve("https://downloads.example.com/fvf.so", part)
            verify(part, DIGEST)
            os.makedirs(HOME, exist_ok=True)
            shutil.move(part, FINAL)
    verify(FINAL, DIGEST)
    return FINAL


lib = ctypes.CDLL(ensure())
