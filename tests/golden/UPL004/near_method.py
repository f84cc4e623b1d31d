zip_file.open('/no/such/member')
