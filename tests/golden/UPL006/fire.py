import pickle
pickle.load(f)
