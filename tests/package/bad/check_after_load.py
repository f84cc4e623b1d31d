import ctypes
import hashlib
import urllib.request

P = "/tmp/late.so"
urllib.request.urlretrieve("https://downloads.example.com/late.so", P)
lib = ctypes.CDLL(P)
with open(P, "rb") as f:
    if hashlib.sha256(f.read()).hexdigest() != "089001a35679a33ef3db0ca350db9b9a2f0136e0e327577b04b3b98127470961":
        raise ImportError("late.so: wrong file")
