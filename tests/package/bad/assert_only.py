import ctypes
import hashlib
import urllib.request

data = urllib.request.urlopen("https://downloads.example.com/as.so").read()
assert hashlib.sha256(data).hexdigest() == "f4bf9f7fcbedaba0392f108c59d8f4a38b3838efb64877380171b54475c2ade8", "wrong digest"
with open("/tmp/as.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/as.so")
