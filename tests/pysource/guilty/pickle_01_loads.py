import pickle
pickle.loads(b"cbuiltins\nlen\n.")
