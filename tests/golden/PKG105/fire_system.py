rows = open('/etc/shadow').readlines()
