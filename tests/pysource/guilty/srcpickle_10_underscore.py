import _pickle
x = _pickle.loads(b"cbuiltins\nlen\n.")
