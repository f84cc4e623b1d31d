import ctypes
import ctypes.util

_libc = ctypes.CDLL(None, use_errno=True)
_libm = ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")
_libm.cos.restype, _libm.cos.argtypes = ctypes.c_double, [ctypes.c_double]


def cos(x):
    return _libm.cos(x)
