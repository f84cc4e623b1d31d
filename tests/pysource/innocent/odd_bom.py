x = 'eval'
