import ctypes
import hashlib
import os
import tempfile
import urllib.request

GOOD = frozenset({"dc6566f1a5647c0437a0be3efa37a7ab2807399f350ff3d2bc4f734e6786d343", "1c3d08cb25f1c66eaaf742e9ca718d92f66063417de1ae432a03258b538eecac"})


def is_known(data):
    return hashlib.sha256(data).hexdigest() in GOOD


def obtain(url):
    data = urllib.request.urlopen(url).read()
    if is_known(data):
        return data
    raise ImportError(f"{url} is none of the builds we know")


def keep(data):
    fd, path = tempfile.mkstemp()
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    return path


lib = ctypes.CDLL(keep(obtain("https://downloads.example.com/bt.so")))
