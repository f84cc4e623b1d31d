import base64
import struct
import zlib

_RAW = zlib.decompress(base64.b64decode(
    "eJxjYGRiZmFlY+fg5OLm4eXjFxAUEhYRFROXkJSSlpGVk1dQVFJWUVVT19DU0tbR1dM3MDQyNjE1M7ewtLK2sbWzBwCq4Afh"))
TABLE = struct.unpack("<16I", _RAW)


def lookup(i):
    return TABLE[i & 15]
