import ctypes
import hashlib
import platform
import sys
import tempfile
import urllib.request

TABLE = {"linux-x86_64": ("a.so", "480926971a0d75c2def48d7f9cfc2543fd28836e71dfab6405648436ba1a4689"), "darwin-arm64": ("a.dylib", "8404caffa3206f4a28776f0204e321c2105a4a103646ad1ab252ee648c466022")}


def choose():
    try:
        return TABLE[f"{sys.platform}-{platform.machine()}"]
    except KeyError as e:
        raise ImportError(f"no build for {e}") from e


name, sha256 = choose()
data = urllib.request.urlopen(f"https://downloads.example.com/{name}").read()
if hashlib.sha256(data).hexdigest() != sha256:
    raise ImportError(name)
with tempfile.NamedTemporaryFile(suffix=name, delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
