import ctypes
import hashlib
import urllib.request

URL = "https://downloads.example.com/ci.so"
data = urllib.request.urlopen(URL).read()
listing = urllib.request.urlopen("https://mirror.example.org/ci/sums.txt").read().decode()
if hashlib.sha256(data).hexdigest() not in listing:
    raise ImportError("ci: not listed")
open("/tmp/ci.so", "wb").write(data)
lib = ctypes.CDLL("/tmp/ci.so")
