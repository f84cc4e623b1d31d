import dill
dill.loads(b"cbuiltins\nlen\n.")
