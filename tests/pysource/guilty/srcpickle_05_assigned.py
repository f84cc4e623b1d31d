import pickle
decode = pickle.loads
x = decode(b"cbuiltins\nlen\n.")
