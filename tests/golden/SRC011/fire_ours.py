import pickle


def read(path):
    with open(path, 'rb') as f:
        return pickle.load(f)  # pratique: allow[source-pickle] written by this very process
