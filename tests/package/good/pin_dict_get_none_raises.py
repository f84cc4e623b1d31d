import ctypes
import hashlib
import os
import platform
import tempfile
import urllib.request

PINS = {"x86_64": "68aa68491fcfcd27654caa9651c5ff11ddc9fa5ec15b96ae23d495f354b4869d", "aarch64": "aaeca3e8cd36a5503740bcc15bc2345559e9a960a53aaaccef3d484fbba5b648"}


def fetch():
    want = PINS.get(platform.machine())
    if want is None:
        raise ImportError("no pinned library for this machine")
    data = urllib.request.urlopen(f"https://downloads.example.com/gn-{platform.machine()}.so").read()
    if hashlib.sha256(data).hexdigest() != want:
        raise ImportError("gn: mismatch")
    return data


def _place(data):
    fd, path = tempfile.mkstemp(suffix=".so")
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    return path


lib = ctypes.CDLL(_place(fetch()))
