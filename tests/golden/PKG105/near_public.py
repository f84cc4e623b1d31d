rows = open('/etc/os-release').readlines()
