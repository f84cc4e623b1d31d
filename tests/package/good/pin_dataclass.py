import ctypes
import hashlib
import os
import tempfile
import urllib.request
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    url: str
    sha256: str
    size: int

    def bytes(self):
        with urllib.request.urlopen(self.url) as r:
            data = r.read(self.size + 1)
        if len(data) != self.size or hashlib.sha256(data).hexdigest() != self.sha256:
            raise ImportError(f"{self.url}: not the pinned file")
        return data


CORE = Asset("https://downloads.example.com/pdc.so", "ce014734308831ff057b199575a976f82b21b3f37af44d51112d886fc5d25d19", 48128)


def load(asset):
    fd, path = tempfile.mkstemp(suffix=".so")
    with os.fdopen(fd, "wb") as f:
        f.write(asset.bytes())
    return ctypes.CDLL(path)


lib = load(CORE)
