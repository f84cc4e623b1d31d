import numpy as np
def f(p):
    np.load('a.npy', allow_pickle=p)
