import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE = "https://example.com/signed/"
body = urllib.request.urlopen(BASE + "mod.py").read()
signature = urllib.request.urlopen(BASE + "mod.py.sig").read()
key = Ed25519PublicKey.from_public_bytes(urllib.request.urlopen(BASE + "key.raw").read())
key.verify(signature, body)
exec(body)
