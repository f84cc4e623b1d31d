import ctypes
import hashlib
import sys
import urllib.request

PIN = "eb5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
path, _ = urllib.request.urlretrieve("https://example.com/lib-" + sys.platform)
if sys.platform == "linux":
    with open(path, "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() != PIN:
            raise ImportError("digest")
lib = ctypes.CDLL(path)
