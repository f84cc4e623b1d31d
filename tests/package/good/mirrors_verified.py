import ctypes
import hashlib
import os
import tempfile
import urllib.error
import urllib.request

MIRRORS = ("https://downloads.example.com/", "https://mirror.example.org/")
PIN = "d1829078fe03f2ec5f692c7a217859409b6822240625c10282bb022888657148"


def fetch(name):
    for base in MIRRORS:
        try:
            data = urllib.request.urlopen(base + name, timeout=10).read()
        except urllib.error.URLError:
            continue
        if hashlib.sha256(data).hexdigest() == PIN:
            return data
    raise ImportError(f"{name}: no mirror has it")


fd, path = tempfile.mkstemp(suffix=".so")
with os.fdopen(fd, "wb") as f:
    f.write(fetch("mv.so"))
lib = ctypes.CDLL(path)
