import pickle
f = pickle.loads
f(b"cbuiltins\nlen\n.")
