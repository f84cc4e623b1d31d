import pickle
x = pickle.loads(b"cbuiltins\nlen\n.")  # pratique: allow[SRC001] the bytes are a constant
