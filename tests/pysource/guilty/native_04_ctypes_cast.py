from ctypes import *
f = cast(id(0), py_object).value
