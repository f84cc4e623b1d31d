import hashlib
import urllib.request

WANT = [("https://example.com/a.py", "440e24c8312de1ea82628238d3ce41c9e1f37fb3ab2ed4558ae815f325d39b21"), ("https://example.com/b.py", "9b5dde215956eb9a6f668f02f3fce69e9846032f1ded9186432b8d15317f1230")]
got = [(urllib.request.urlopen(url).read(), pin) for url, pin in WANT]
if not all(hashlib.sha256(body).hexdigest() == pin for body, pin in got):
    raise ImportError("digest")
for body, _ in got:
    exec(body)
