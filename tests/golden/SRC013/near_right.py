import pickle


def read(path):
    with open(path, 'rb') as f:
        return pickle.load(f)  # pratique: allow[SRC001] because we can
