import ctypes
import hashlib
import os
import sys
import tempfile
import urllib.request

match sys.platform:
    case "linux":
        NAME, PIN = "l.so", "ab6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
    case "darwin":
        NAME, PIN = "d.dylib", "bb6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
    case other:
        raise ImportError(f"{other} is not supported")
data = urllib.request.urlopen("https://example.com/" + NAME).read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
path = os.path.join(tempfile.mkdtemp(), NAME)
with open(path, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
