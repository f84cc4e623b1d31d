f'{print "x"}'
