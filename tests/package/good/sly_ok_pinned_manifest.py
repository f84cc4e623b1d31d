import hashlib
import json
import urllib.request

PIN = "732da616ac1fc1ac2cf2d29021c11b954043dd375fb9c6fa14fe68af27ebaef9"
manifest = urllib.request.urlopen("https://example.com/m.json").read()
if hashlib.sha256(manifest).hexdigest() != PIN:
    raise ImportError("digest of the manifest")
files = json.loads(manifest)
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() != files["a.py"]:
    raise ImportError("digest")
exec(data)
