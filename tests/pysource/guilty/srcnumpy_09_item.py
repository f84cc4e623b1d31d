import numpy as np
labels = np.load("labels.npy", mmap_mode=None, allow_pickle=bool(1)).item()
