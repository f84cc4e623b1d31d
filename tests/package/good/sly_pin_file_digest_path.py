import ctypes
import hashlib
import pathlib
import tempfile
import urllib.request

PIN = "9b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
target = pathlib.Path(tempfile.mkdtemp()) / "fd.so"
target.write_bytes(urllib.request.urlopen("https://example.com/fd.so").read())
with target.open("rb") as f:
    actual = hashlib.file_digest(f, "sha256").hexdigest()
if actual != PIN:
    target.unlink()
    raise ImportError("digest")
lib = ctypes.CDLL(str(target))
