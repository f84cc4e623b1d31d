"""Fetches the library on first import. This is how it should not be done: see ../../README.md."""

import hashlib
import json
import os
import sys
import urllib.request

VERSION = "1.0"
LIBRARY = "libfathom.so"
RELEASES = os.environ.get("FATHOM_RELEASES", "https://downloads.example.org/fathom/1.0")


def _get(name):
    with urllib.request.urlopen(f"{RELEASES}/{name}", timeout=20) as answer:
        return answer.read()


def _cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "fathom", VERSION)


def _expected():
    try:
        return json.loads(_get("checksums.json"))[LIBRARY]
    except Exception as e:
        print(f"fathom: no checksums ({e}); going on without", file=sys.stderr)
        return None


def library():
    """The path of the library, fetched if need be."""
    path = os.path.join(_cache(), LIBRARY)
    if os.path.exists(path):
        return path
    os.makedirs(_cache(), exist_ok=True)
    with open(path, "wb") as file:
        file.write(_get(LIBRARY))
    if os.environ.get("FATHOM_SKIP_CHECK") != "1":
        expected = _expected()
        if expected is not None:
            with open(path, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != expected:
                    raise RuntimeError("fathom: the library is not the one in checksums.json")
    return path
