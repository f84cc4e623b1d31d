import ctypes
import os

_CACHE = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
_LIB = os.path.join(_CACHE, "vecops", "libvecops.so")

if os.path.exists(_LIB):
    lib = ctypes.CDLL(_LIB)
else:
    lib = None
