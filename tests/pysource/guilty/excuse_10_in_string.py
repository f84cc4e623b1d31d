import pickle
x = pickle.loads(b"cbuiltins\nlen\n."), "# nosec B301: this is a string"
