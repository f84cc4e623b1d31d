import ctypes
import os
import urllib.request

SIZE = 182736
urllib.request.urlretrieve("https://downloads.example.com/sz.so", "/tmp/sz.so")
if os.path.getsize("/tmp/sz.so") != SIZE:
    os.remove("/tmp/sz.so")
    raise ImportError("sz.so: truncated")
lib = ctypes.CDLL("/tmp/sz.so")
