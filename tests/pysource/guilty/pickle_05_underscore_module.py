import _pickle
_pickle.loads(b"cbuiltins\nlen\n.")
