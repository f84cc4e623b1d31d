import gzip, io
print(gzip.decompress(gzip.compress(b"x")))
with gzip.open(io.BytesIO(gzip.compress(b"y"))) as f:
    f.read()
