import ctypes
import hashlib
import os
import platform
import sys
import tempfile
import urllib.request

match (sys.platform, platform.machine()):
    case ("linux", "x86_64"):
        name, want = "m-x64.so", "b2dd687ebcf09ae4a3333423a74c45ffb75ec28646b140fe24b0b065b9156ecd"
    case ("darwin", "arm64"):
        name, want = "m-arm.dylib", "5b8a6a192f8410abffa66f2556a8bf0d07267144ab9e1f26907f484b86c70185"
    case other:
        raise ImportError(f"unsupported: {other}")

data = urllib.request.urlopen("https://downloads.example.com/pm/" + name).read()
if hashlib.sha256(data).hexdigest() != want:
    raise ImportError(f"{name}: mismatch")
path = os.path.join(tempfile.mkdtemp(), name)
with open(path, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
