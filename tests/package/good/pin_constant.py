import ctypes
import hashlib
import os
import tempfile
import urllib.request

URL = "https://downloads.example.com/g1.so"
SHA256 = "711430f6164e93803d93428bc1fab80f41e213bb197689307de8606d437c3038"


def _load():
    if os.environ.get("G1_OFFLINE"):
        raise ImportError("g1: offline, and the library is not bundled")
    with urllib.request.urlopen(URL, timeout=60) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ImportError("g1: the download is not the library that was released")
    fd, path = tempfile.mkstemp(suffix=".so")
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    return ctypes.CDLL(path)


lib = _load()
