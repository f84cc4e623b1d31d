import hashlib
import json
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY = bytes.fromhex("5d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344")


def install():
    base = "https://example.com/rel/"
    manifest = urllib.request.urlopen(base + "manifest.json").read()
    signature = urllib.request.urlopen(base + "manifest.sig").read()
    Ed25519PublicKey.from_public_bytes(KEY).verify(signature, manifest)
    want = json.loads(manifest)["tool.py"]
    data = urllib.request.urlopen(base + "tool.py").read()
    if hashlib.sha256(data).hexdigest() != want:
        raise RuntimeError("digest")
    return data
