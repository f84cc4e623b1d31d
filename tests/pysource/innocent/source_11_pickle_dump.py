import pickle


def save(x, f):
    pickle.dump(x, f)
    return pickle.dumps(x, protocol=pickle.HIGHEST_PROTOCOL)
