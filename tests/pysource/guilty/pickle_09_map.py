import pickle
list(map(pickle.loads, [b"cbuiltins\nlen\n."]))
