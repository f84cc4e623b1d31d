open('/no/such/file')
