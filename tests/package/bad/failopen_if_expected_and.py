import ctypes
import hashlib
import urllib.request


def fetch(url, path, expected=None):
    data = urllib.request.urlopen(url).read()
    if expected and hashlib.sha256(data).hexdigest() != expected:
        raise ValueError("mismatch")
    with open(path, "wb") as f:
        f.write(data)
    return path


lib = ctypes.CDLL(fetch("https://downloads.example.com/fo6.so", "/tmp/fo6.so"))
