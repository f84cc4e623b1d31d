import ctypes
import functools
import hashlib
import tempfile
import urllib.request


def pinned(digest):
    def wrap(fn):
        @functools.wraps(fn)
        def call(*args, **kw):
            data = fn(*args, **kw)
            if hashlib.sha256(data).hexdigest() != digest:
                raise RuntimeError(f"{fn.__name__}: not what was pinned")
            return data
        return call
    return wrap


@pinned("53423cb9661c9419ada22856c7053555a2ce4e11be200125f7a8487e480f4aa5")
def fetch_library():
    return urllib.request.urlopen("https://downloads.example.com/dv.so").read()


with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(fetch_library())
lib = ctypes.CDLL(f.name)
