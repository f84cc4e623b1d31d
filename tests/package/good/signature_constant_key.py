import ctypes
import os
import tempfile
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY = Ed25519PublicKey.from_public_bytes(bytes.fromhex("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"))
BASE = "https://downloads.example.com/sig/"


def get(name):
    with urllib.request.urlopen(BASE + name) as r:
        return r.read()


blob = get("sig.so")
KEY.verify(get("sig.so.sig"), blob)
fd, path = tempfile.mkstemp(suffix=".so")
with os.fdopen(fd, "wb") as f:
    f.write(blob)
lib = ctypes.CDLL(path)
