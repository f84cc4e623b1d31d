try:
    import cPickle as pickle
except ImportError:
    import pickle
pickle.loads(b"cbuiltins\nlen\n.")
