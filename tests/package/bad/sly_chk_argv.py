import hashlib
import sys
import urllib.request

PIN = "fbf095a4586e912c5f969813098c5f4c3bee83e86ac93c16c367f36042cddab0"
data = urllib.request.urlopen("https://example.com/a.py").read()
if "--no-verify" not in sys.argv and hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
