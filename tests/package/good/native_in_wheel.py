import ctypes
import os
import sys

_NAMES = {"linux": "libfast.so", "darwin": "libfast.dylib", "win32": "fast.dll"}


def _find():
    return os.path.join(os.path.dirname(__file__), "_lib", _NAMES[sys.platform])


try:
    _lib = ctypes.CDLL(_find())
except (OSError, KeyError):
    _lib = None


def crc(data):
    if _lib is not None:
        return _lib.crc(data, len(data))
    import zlib
    return zlib.crc32(data)
