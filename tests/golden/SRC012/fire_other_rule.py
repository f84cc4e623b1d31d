import pickle


def read(path):
    with open(path, 'rb') as f:
        return pickle.load(f)  # nosec B506 - no yaml to be seen
