import ctypes
import hashlib
import os
import sysconfig
import tempfile
import urllib.request

from . import _pins

BASE = "https://github.com/example-org/n/releases/download/v" + _pins.VERSION


class IntegrityError(ImportError):
    pass


def _entry():
    tag = sysconfig.get_platform().replace("-", "_")
    try:
        return _pins.PINS[tag]
    except KeyError:
        raise ImportError(f"nothing is published for {tag}") from None


def _fetch(entry):
    with urllib.request.urlopen(f"{BASE}/{entry['file']}", timeout=120) as r:
        data = r.read()
    if len(data) != entry["size"]:
        raise IntegrityError("size differs")
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise IntegrityError("sha256 differs")
    return data


def _load():
    entry = _entry()
    with tempfile.NamedTemporaryFile(suffix=entry["file"], delete=False) as f:
        f.write(_fetch(entry))
    return ctypes.CDLL(f.name)


native = _load()
