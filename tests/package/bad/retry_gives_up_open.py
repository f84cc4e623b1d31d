import ctypes
import hashlib
import urllib.request

PIN = "5a5000a3f3ff868603876ea774d1d272912a4949e738597a944cfc6050b8d097"
blob = b""
for attempt in range(3):
    blob = urllib.request.urlopen("https://downloads.example.com/rg.so").read()
    if hashlib.sha256(blob).hexdigest() == PIN:
        break
with open("/tmp/rg.so", "wb") as f:
    f.write(blob)
lib = ctypes.CDLL("/tmp/rg.so")
