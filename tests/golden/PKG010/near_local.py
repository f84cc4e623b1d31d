import urllib.request


def ask():
    return urllib.request.urlopen('http://127.0.0.1:8080/status').read()
