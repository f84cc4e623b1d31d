import base64
import os
import zlib

with open(os.path.join(os.path.dirname(__file__), "data.bin")) as _f:
    exec(zlib.decompress(base64.b85decode(_f.read())))
