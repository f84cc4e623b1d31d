import ctypes
import hashlib
import os
import pathlib
import urllib.request

PIN = "e67be79550661604d9b9c646911c80d74f6c691613224c207fa7088c20698acd"
LIB = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "cu" / "cu.so"


def load():
    if not LIB.exists():
        if os.environ.get("CU_OFFLINE"):
            raise ImportError(f"offline: bring {LIB}")
        blob = urllib.request.urlopen("https://downloads.example.com/cu.so").read()
        if hashlib.sha256(blob).hexdigest() != PIN:
            raise ImportError("cu: mismatch")
        LIB.parent.mkdir(parents=True, exist_ok=True)
        LIB.write_bytes(blob)
    return ctypes.CDLL(str(LIB))


lib = load()
