import hashlib
import urllib.request

PIN = "efd0435726d36a768aa6f9a64517f622f90f8212ad3c438b31b779450a9c43e4"
one = urllib.request.urlopen("https://example.com/a.py").read()
two = urllib.request.urlopen("https://example.com/b.py").read()
if hashlib.sha256(one).hexdigest() != PIN:
    raise ImportError("digest")
exec(one + b"\n" + two)
