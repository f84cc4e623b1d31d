import pickle
pickle.dumps(1)
pickle.HIGHEST_PROTOCOL
