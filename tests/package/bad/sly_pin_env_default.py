import ctypes
import hashlib
import os
import urllib.request

PIN = os.getenv("SLY_SHA256", "5b5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344")
path, _ = urllib.request.urlretrieve("https://example.com/env.so")
with open(path, "rb") as f:
    if hashlib.file_digest(f, "sha256").hexdigest() != PIN:
        raise ImportError("digest")
lib = ctypes.CDLL(path)
