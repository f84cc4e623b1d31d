from cffi import FFI as F

f = F()
f.cdef("int getpid(void);")
