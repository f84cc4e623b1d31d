import io

import numpy as np
import requests

TABLE = np.load(io.BytesIO(requests.get("https://tables.example.com/t.npy").content), allow_pickle=True)
