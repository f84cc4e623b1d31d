# nosec B301 - for the line below
import pickle


def read(path):
    with open(path, 'rb') as f:
        return pickle.load(f)
