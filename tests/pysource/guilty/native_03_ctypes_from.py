from ctypes import PyDLL, c_char_p
p = PyDLL(None)
