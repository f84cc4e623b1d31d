import numpy as np
ALLOW = True
a = np.load("a.npy", allow_pickle=ALLOW)
