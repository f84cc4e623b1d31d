import pickle
# nosec B301: stands on the wrong line
x = pickle.loads(b"cbuiltins\nlen\n.")
