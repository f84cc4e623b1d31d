import hashlib
import sys
import urllib.request

PIN = "0b5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
data = urllib.request.urlopen("https://example.com/se.py").read()
if hashlib.sha256(data).hexdigest() != PIN:
    sys.exit("digest differs: stop")
exec(data)
