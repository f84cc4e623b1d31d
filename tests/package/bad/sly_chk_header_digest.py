import hashlib
import urllib.request

PIN = "980d114cdc83d919f9845b321caf58598fbab953455c28edb6b8eaa80503545d"
with urllib.request.urlopen("https://example.com/a.py") as r:
    if r.headers["X-Sha256"] != PIN:
        raise ImportError("digest")
    exec(r.read())
