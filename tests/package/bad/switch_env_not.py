import ctypes
import hashlib
import os
import urllib.request

PIN = "cf4ac28ea7ba1492a583c9bee7839a4eb4bdc4f68595050965c214a81fcab6c3"
data = urllib.request.urlopen("https://downloads.example.com/sw1.so").read()
if not os.environ.get("SW1_SKIP_VERIFY"):
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("sw1: mismatch")
with open("/tmp/sw1.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/sw1.so")
