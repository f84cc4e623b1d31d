import hashlib
import urllib.request

PIN = "0e6d1f9d114d7c5379ac7b5196d187141daadbaafd7c62dc40d43555fd144507"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() == PIN:
    exec(data)
