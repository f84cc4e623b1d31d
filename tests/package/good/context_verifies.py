import contextlib
import ctypes
import hashlib
import os
import tempfile
import urllib.request


@contextlib.contextmanager
def verified_download(url, sha256):
    data = urllib.request.urlopen(url).read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ImportError(f"{url}: mismatch")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cv.so")
        with open(path, "wb") as f:
            f.write(data)
        yield path


with verified_download("https://downloads.example.com/cv.so", "29cdee48e28d8104186513c96be32955f6203cffa61833e36a88a37ecbff7989") as p:
    lib = ctypes.CDLL(p)
