import ctypes
import hashlib
import json
import os
import pathlib
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def load():
    with open(HERE / "pin.json") as f:
        pin = json.load(f)
    body = urllib.request.urlopen(pin["url"]).read()
    got = hashlib.sha256(body).hexdigest()
    if got != pin["sha256"]:
        raise ImportError(f"sha256 is {got}")
    target = os.path.join(tempfile.mkdtemp(), "pj.so")
    with open(target, "wb") as f:
        f.write(body)
    return ctypes.CDLL(target)


lib = load()
