from ctypes.util import find_library as fl
fl("c")
