import functools
import hashlib
import urllib.request


def fetch(pin, url):
    data = urllib.request.urlopen(url).read()
    if hashlib.sha256(data).hexdigest() != pin:
        raise ImportError(url)
    return data


released = functools.partial(fetch, "5b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344")
exec(released("https://example.com/pp.py"))
