import hashlib
import urllib.request

PIN = "422e04836de3c876f5a8a15aef652bcc52c40fd40b1dda9b1925918d1d3ac48c"
MIRRORS = ("https://example.com/a.py", "https://example.net/a.py")


def get():
    for url in MIRRORS:
        try:
            data = urllib.request.urlopen(url, timeout=9).read()
        except OSError:
            continue
        if hashlib.sha256(data).hexdigest() == PIN:
            return data
    raise ImportError("no mirror has it")


exec(get())
