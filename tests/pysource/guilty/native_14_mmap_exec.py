from ctypes import CFUNCTYPE, c_int
import mmap
m = mmap.mmap(-1, 4096)
