open(r'C:\no\such\file', 'w')
