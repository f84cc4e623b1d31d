"""How deep the water is, from the time that an echo takes."""

import ctypes

from pratique import native

_lib = native.load("fathom", "libfathom.so")
_lib.fathom_depth.argtypes = [ctypes.c_double]
_lib.fathom_depth.restype = ctypes.c_double


def depth(seconds):
    """Metres of water below, in which an echo takes this long."""
    return _lib.fathom_depth(seconds)
