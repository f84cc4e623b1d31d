from pickle import *
x = loads(b"cbuiltins\nlen\n.")
