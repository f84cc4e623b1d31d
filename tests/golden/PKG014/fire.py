import ctypes
import hashlib
import os
import urllib.request

PIN = "0f1e18bb4143dc4be22e61ea4deb0491c2bf7018c6504ad631038aed5ca4a0ca"
FINAL = os.path.expanduser("~/.fn/fn.so")
if not os.path.exists(FINAL):
    os.makedirs(os.path.dirname(FINAL), exist_ok=True)
    urllib.request.urlretrieve("https://downloads.example.com/fn.so", FINAL)
    with open(FINAL, "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() != PIN:
            raise ImportError("fn.so: mismatch")
lib = ctypes.CDLL(FINAL)
