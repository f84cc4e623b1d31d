import ctypes
import urllib.request
import zlib

blob = urllib.request.urlopen("https://downloads.example.com/crc.so").read()
if zlib.crc32(blob) != 0x5D2C1A77:
    raise ImportError("crc.so is damaged")
with open("/tmp/crc.so", "wb") as f:
    f.write(blob)
lib = ctypes.CDLL("/tmp/crc.so")
