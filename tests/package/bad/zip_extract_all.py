import ctypes
import io
import os
import zipfile
from urllib.request import Request, urlopen

DIR = os.path.join(os.path.expanduser("~"), ".zx")
LIB = os.path.join(DIR, "bin", "zx.so")

if not os.path.exists(LIB):
    req = Request("https://downloads.example.com/zx.zip", headers={"User-Agent": "zx"})
    with urlopen(req) as resp:
        zipfile.ZipFile(io.BytesIO(resp.read())).extractall(DIR)

lib = ctypes.CDLL(LIB)
