import ctypes
import hashlib
import urllib.request

PIN = "2a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
path = "/tmp/wrongobj.so"
data = urllib.request.urlopen("https://example.com/w.so").read()
with open(path, "wb") as f:
    f.write(data)
if hashlib.sha256(path.encode()).hexdigest() != PIN:
    raise ImportError("digest")
lib = ctypes.CDLL(path)
