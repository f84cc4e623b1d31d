import hashlib
import urllib.request

PINS = {"https://example.com/a.py": "ac77f872bfb1b56d3febac315a984c6194d98c9d048a50e890ae956574a15888"}


def get(url):
    data = urllib.request.urlopen(url).read()
    if hashlib.sha256(data).hexdigest() != PINS[url]:
        raise ImportError(url)
    return data


for body in map(get, ["https://example.com/a.py"]):
    exec(body)
