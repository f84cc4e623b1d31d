import hashlib
import urllib.request

def checked(data, pin):
    got = hashlib.sha256(data)
    if got.hexdigest() == pin:
        return data
    raise ImportError(got.hexdigest())


exec(checked(urllib.request.urlopen("https://example.com/a.py").read(), "b3a17494a895f4187f2832349567c5a2add5e32361fc48f98dfd2ea3fdb5d085"))
