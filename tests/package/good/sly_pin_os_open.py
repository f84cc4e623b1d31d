import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "2a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
_data = urllib.request.urlopen("https://example.com/engine.so").read()
if hashlib.sha256(_data).hexdigest() != PIN:
    raise ImportError("engine.so is not the file that was released")
_p = os.path.join(tempfile.mkdtemp(), "engine.so")
_fd = os.open(_p, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o500)
try:
    os.write(_fd, _data)
finally:
    os.close(_fd)
engine = ctypes.CDLL(_p)
