from ctypes import CDLL
