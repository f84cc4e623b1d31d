import ctypes
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    return urllib.request.urlretrieve(url)[0]


with ThreadPoolExecutor(1) as pool:
    job = pool.submit(fetch, "https://example.com/future.so")
    lib = ctypes.CDLL(job.result())
