import gzip
import hashlib
import os
import struct
import urllib.request

FILES = {"train": ("train-images.gz", "6232a6e3e2c95a513adac27d85339aa4"), "test": ("test-images.gz", "96750b299a613ff22da112364706897a")}
BASE = "https://datasets.example.com/digits/"


def _check(path, md5):
    with open(path, "rb") as f:
        return hashlib.md5(f.read(), usedforsecurity=False).hexdigest() == md5


def load(split="train", root="~/.datasets"):
    """The images as lists of bytes; fetched at the first call."""
    name, md5 = FILES[split]
    path = os.path.join(os.path.expanduser(root), name)
    if not os.path.exists(path) or not _check(path, md5):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        urllib.request.urlretrieve(BASE + name, path)
        if not _check(path, md5):
            raise RuntimeError(f"{name} is damaged")
    with gzip.open(path) as f:
        magic, n, rows, cols = struct.unpack(">IIII", f.read(16))
        return [f.read(rows * cols) for _ in range(n)]
