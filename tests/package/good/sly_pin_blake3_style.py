import hashlib
import urllib.request

PIN = "8b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


def check(data, pin, hasher=hashlib.sha3_256):
    h = hasher()
    h.update(data)
    if h.hexdigest().lower() != pin.lower():
        raise ImportError("digest")


data = urllib.request.urlopen("https://example.com/b3.py").read()
check(data, PIN)
exec(data)
