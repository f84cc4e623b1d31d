import ctypes
import hashlib
import os
import platform
import sys
import tempfile
import urllib.request

_PINS = {
    ("linux", "x86_64"): ("lib-linux-x64.so", "52f815fa9ffd2956edc5b0eb4e949fa4283cf4721927d639192cee893b232fe9"),
    ("linux", "aarch64"): ("lib-linux-arm64.so", "858b409850a9c0b9f2356084a3395591e32af00bd18ac7be9244da8531785d95"),
    ("darwin", "arm64"): ("lib-mac-arm64.dylib", "9a50c49e9d3502c472cf68d6ee4cbe23b21ab809795e636f2a8b3463e38a0166"),
}


def load():
    key = (sys.platform, platform.machine())
    if key not in _PINS:
        raise ImportError(f"no library for {key}")
    name, digest = _PINS[key]
    data = urllib.request.urlopen("https://downloads.example.com/pd/" + name).read()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ImportError(f"{name}: wrong digest")
    with tempfile.NamedTemporaryFile(suffix=name, delete=False) as f:
        f.write(data)
    return ctypes.CDLL(f.name)


lib = load()
