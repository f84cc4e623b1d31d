import pickle as p
x = p.loads(b"cbuiltins\nlen\n.")
