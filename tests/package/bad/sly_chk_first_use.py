import hashlib
import os
import urllib.request

path = os.path.expanduser("~/.sly-pin")
data = urllib.request.urlopen("https://example.com/a.py").read()
digest = hashlib.sha256(data).hexdigest()
if not os.path.exists(path):
    with open(path, "w") as f:
        f.write(digest)
with open(path) as f:
    if f.read() != digest:
        raise ImportError("digest")
exec(data)
