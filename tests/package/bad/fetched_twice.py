import ctypes
import hashlib
import urllib.request

URL = "https://downloads.example.com/two.so"
PIN = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"


def genuine(url):
    with urllib.request.urlopen(url) as r:
        return hashlib.sha256(r.read()).hexdigest() == PIN


if not genuine(URL):
    raise ImportError("two.so is not genuine")
urllib.request.urlretrieve(URL, "/tmp/two.so")
lib = ctypes.CDLL("/tmp/two.so")
