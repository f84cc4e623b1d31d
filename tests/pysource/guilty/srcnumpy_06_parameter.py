import numpy as np


def read(path, pickled):
    return np.load(path, allow_pickle=pickled)
