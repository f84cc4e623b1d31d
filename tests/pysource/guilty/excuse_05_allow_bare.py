import pickle
x = pickle.loads(b"cbuiltins\nlen\n.")  # pratique: allow[SRC001]
