import ctypes
import ctypes.util
import sys

if sys.platform == "darwin":
    _cf = ctypes.cdll.LoadLibrary("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
    _objc = ctypes.CDLL(ctypes.util.find_library("objc"))
else:
    _cf = _objc = None
