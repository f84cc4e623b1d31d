import ctypes as c
libc = c.cdll.LoadLibrary("libc.so.6")
