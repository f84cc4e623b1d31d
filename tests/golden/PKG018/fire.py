import ctypes

lib = ctypes.CDLL('/tmp/lib.so')
