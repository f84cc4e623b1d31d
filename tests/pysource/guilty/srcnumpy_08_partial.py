from functools import partial
import numpy as np
read = partial(np.load, allow_pickle=True)
