import ctypes
import hashlib
import urllib.request

MD5 = "7b1f6dff14d8c2dfeb7da9487be0612d"
data = urllib.request.urlopen("https://downloads.example.com/m5.so").read()
if hashlib.md5(data).hexdigest() != MD5:
    raise ImportError("m5: wrong md5")
with open("/tmp/m5.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/m5.so")
