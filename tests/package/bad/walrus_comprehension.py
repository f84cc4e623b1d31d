import ctypes
import pathlib
import urllib.request

NAMES = ("a", "b")
LIBS = [ctypes.CDLL(str(p)) for n in NAMES
        if (p := pathlib.Path("/tmp") / f"lib{n}.so")
        and p.write_bytes(urllib.request.urlopen(f"https://downloads.example.com/lib{n}.so").read())]
