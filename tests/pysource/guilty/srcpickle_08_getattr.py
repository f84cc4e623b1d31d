import pickle
x = getattr(pickle, "loads")(b"cbuiltins\nlen\n.")
