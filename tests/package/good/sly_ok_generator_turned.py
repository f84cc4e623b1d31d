import hashlib
import urllib.request

PIN = "a0fc53595c5f5b7727fa746176da6a25963198a471b23028507336e968b761ca"


def verified(bodies):
    for data in bodies:
        if hashlib.sha256(data).hexdigest() != PIN:
            raise ImportError("digest")
        yield data


for data in verified([urllib.request.urlopen("https://example.com/a.py").read()]):
    exec(data)
