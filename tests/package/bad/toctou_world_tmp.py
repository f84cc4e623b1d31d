import ctypes
import hashlib
import os
import urllib.request

PIN = "b6399cc26f4d76baacf93830240ae1a8b0b54060eda1e760d9e3a86d4d3cb618"
P = "/tmp/tw.so"
if not os.path.exists(P):
    data = urllib.request.urlopen("https://downloads.example.com/tw.so").read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("tw: mismatch")
    with open(P, "wb") as f:
        f.write(data)
lib = ctypes.CDLL(P)
