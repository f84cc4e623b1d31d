from pickle import loads as l
l(b'N.')
