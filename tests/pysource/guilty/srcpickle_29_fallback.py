try:
    import dill as pickle
except ImportError:
    import pickle
x = pickle.loads(b"cbuiltins\nlen\n.")
