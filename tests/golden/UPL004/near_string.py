x = '/no/such/file'
print('/no/such/file')
