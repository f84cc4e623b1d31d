import sys
import _ctypes as native
sys.setdlopenflags(2)
native.dlopen(None, 2)
