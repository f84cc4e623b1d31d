import pickle
x = pickle.loads(b"cbuiltins\nlen\n.")  # nosec B301: the bytes are written by this program itself
