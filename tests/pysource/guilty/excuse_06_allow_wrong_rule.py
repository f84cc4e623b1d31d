import pickle
x = pickle.loads(b"cbuiltins\nlen\n.")  # pratique: allow[SRC002] another rule
