import contextlib
import ctypes
import os
import tempfile
import urllib.request


@contextlib.contextmanager
def downloaded(url):
    fd, path = tempfile.mkstemp(suffix=".so")
    try:
        with os.fdopen(fd, "wb") as f:
            f.write(urllib.request.urlopen(url).read())
        yield path
    finally:
        os.unlink(path)


with downloaded("https://downloads.example.com/ctx.so") as name:
    lib = ctypes.CDLL(name)
