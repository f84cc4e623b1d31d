import pickle5 as pickle
x = pickle.loads(b"")
