import io
io.open(mode='r', file='/no/such/file')
