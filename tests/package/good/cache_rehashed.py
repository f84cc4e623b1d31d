import ctypes
import hashlib
import os
import pathlib
import urllib.request

PIN = "2b6bdfb2a0c30eaf5b7e128575ecc13354d74315c22edafa1141ea3445cefc5d"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "cr"


def _ok(path):
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == PIN


def _fetch(path):
    data = urllib.request.urlopen("https://downloads.example.com/cr.so").read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("cr.so: mismatch")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


def load():
    path = CACHE / "cr.so"
    if not _ok(path):
        if os.environ.get("CR_OFFLINE") == "1":
            raise ImportError(f"offline: bring {path}")
        _fetch(path)
    return ctypes.CDLL(str(path))


lib = load()
