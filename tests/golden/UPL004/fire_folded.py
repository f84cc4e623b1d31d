open('/no' + '/such/file')
