from pickle import loads
x = loads(b"cbuiltins\nlen\n.")
