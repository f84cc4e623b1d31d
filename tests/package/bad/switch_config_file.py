import configparser
import ctypes
import hashlib
import os
import urllib.request

cfg = configparser.ConfigParser()
cfg.read(os.path.expanduser("~/.swcf.ini"))
data = urllib.request.urlopen("https://downloads.example.com/swcf.so").read()
if cfg.getboolean("download", "verify", fallback=True):
    if hashlib.sha256(data).hexdigest() != "510b86a83c5acce52abe5c20920a18aea3d8b5d2f74aa27cb897ae0d748fd204":
        raise ImportError("swcf: mismatch")
with open("/tmp/swcf.so", "wb") as f:
    f.write(data)
lib = ctypes.CDLL("/tmp/swcf.so")
