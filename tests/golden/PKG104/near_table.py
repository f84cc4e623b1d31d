import zlib

TABLE = zlib.decompress(b'x\x9cc\x00\x00\x00\x01\x00\x01')
