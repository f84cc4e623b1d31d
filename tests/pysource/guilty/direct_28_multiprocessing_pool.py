import os
from multiprocessing.pool import ThreadPool

with ThreadPool(1) as pool:
    pool.map(os.system, ["echo pratique-fixture"])
