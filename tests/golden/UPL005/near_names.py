ctypes = 1
ctypes.CDLL
