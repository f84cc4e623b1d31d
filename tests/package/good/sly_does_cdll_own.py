import ctypes
import os

_path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_native.so")
lib = ctypes.CDLL(_path) if os.path.exists(_path) else None
