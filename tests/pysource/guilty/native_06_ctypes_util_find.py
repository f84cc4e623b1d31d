import ctypes.util
name = ctypes.util.find_library
