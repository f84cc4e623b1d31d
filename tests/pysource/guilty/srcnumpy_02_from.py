from numpy import load
a = load("a.npz", allow_pickle=True)
