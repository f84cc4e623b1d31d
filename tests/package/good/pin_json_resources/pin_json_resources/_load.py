import ctypes
import hashlib
import json
import os
import sys
import tempfile
import urllib.request
from importlib import resources


def _pin():
    text = resources.files(__package__).joinpath("pins.json").read_text("utf-8")
    return json.loads(text)[sys.platform]


def load():
    pin = _pin()
    data = urllib.request.urlopen(pin["url"], timeout=60).read()
    if hashlib.sha256(data).hexdigest() != pin["sha256"]:
        raise ImportError("the library does not match pins.json")
    fd, path = tempfile.mkstemp(suffix=".so")
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    return ctypes.CDLL(path)
