import urllib.request


def ping():
    return urllib.request.urlopen('https://c.example.com/ping').status
