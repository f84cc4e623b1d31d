import marshal
blob = b"\xe9\x01\x00\x00\x00"
print(marshal.loads(blob))
