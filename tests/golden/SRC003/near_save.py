import numpy as np
np.save('a.npy', x, allow_pickle=True)
