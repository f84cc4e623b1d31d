import ctypes
import hashlib
import os
import urllib.request

PIN = "3a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


def load():
    path, _ = urllib.request.urlretrieve("https://example.com/tf.so")
    try:
        with open(path, "rb") as f:
            data = f.read()
        if hashlib.sha256(data).hexdigest() != PIN:
            raise ImportError("digest")
        return ctypes.CDLL(path)
    finally:
        os.unlink(path)


lib = load()
