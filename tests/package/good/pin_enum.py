import ctypes
import enum
import hashlib
import os
import tempfile
import urllib.request


class Pin(enum.Enum):
    LINUX = "7ae2dab2b71b0b2c104f0a0596258328e6ac5d18e182bcf942388e6286cb1e9b"
    WINDOWS = "c9aa9beffeb2ca15c2bf2fdf23503ba1661d642eb0e0a5ad97b4b8eab2f23a5b"


def verified(data, pin):
    if hashlib.sha256(data).hexdigest() != pin.value:
        raise ImportError(f"{pin.name}: mismatch")
    return data


pin = Pin.WINDOWS if os.name == "nt" else Pin.LINUX
blob = verified(urllib.request.urlopen(f"https://downloads.example.com/pe-{pin.name}.bin").read(), pin)
with tempfile.NamedTemporaryFile(delete=False) as f:
    f.write(blob)
lib = ctypes.CDLL(f.name)
