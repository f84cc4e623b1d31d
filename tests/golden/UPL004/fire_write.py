import pathlib
p = pathlib.Path('/no/such/file')
p.write_bytes(b'')
