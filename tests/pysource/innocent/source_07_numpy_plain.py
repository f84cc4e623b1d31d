import numpy as np
a = np.load("a.npy")
b = np.load("b.npy", mmap_mode="r")
c = np.load("c.npy", allow_pickle=False)
