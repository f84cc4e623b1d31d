import pickle
x = [*map(pickle.loads, [b"cbuiltins\nlen\n."])]
