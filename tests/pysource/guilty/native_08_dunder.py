__import__("ctypes").CDLL(None)
