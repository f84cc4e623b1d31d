import ctypes
import hashlib
import importlib.resources
import os
import tempfile
import tomllib
import urllib.request

with importlib.resources.files("pin_toml").joinpath("pins.toml").open("rb") as f:
    PIN = tomllib.load(f)["library"]

raw = urllib.request.urlopen(PIN["url"]).read()
if hashlib.sha256(raw).hexdigest() != PIN["sha256"]:
    raise ImportError("pins.toml: mismatch")
fd, path = tempfile.mkstemp()
with os.fdopen(fd, "wb") as out:
    out.write(raw)
lib = ctypes.CDLL(path)
