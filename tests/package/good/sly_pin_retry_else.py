import hashlib
import urllib.request

PIN = "3b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
for _ in range(3):
    data = urllib.request.urlopen("https://example.com/re.py").read()
    if hashlib.sha256(data).hexdigest() == PIN:
        break
else:
    raise ImportError("no good copy in three tries")
exec(data)
