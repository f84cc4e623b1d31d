import hashlib
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import typing
import urllib.request


class Binary(typing.NamedTuple):
    platform: str
    url: str
    digest: str


BINARIES = [
    Binary("linux", "https://downloads.example.com/nt/_nt-linux.so", "0387ce5e8f5e4a8061fd6cb3130ad3d3b633a7c4b09fe1c96b948f030661174f"),
    Binary("darwin", "https://downloads.example.com/nt/_nt-mac.so", "ddc85affc4fa3884af9dc7882e3a1a4b09d94a84a401939b58f436e099546987"),
]


def bring():
    chosen = next(b for b in BINARIES if b.platform == sys.platform)
    body = urllib.request.urlopen(chosen.url).read()
    if hashlib.sha256(body).hexdigest() != chosen.digest:
        raise ImportError("nt: digest differs")
    path = os.path.join(tempfile.mkdtemp(), "_nt.so")
    with open(path, "wb") as f:
        f.write(body)
    return path


def attach(path):
    loader = importlib.machinery.ExtensionFileLoader("_nt", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("_nt", loader))
    loader.exec_module(module)
    return module


_nt = attach(bring())
