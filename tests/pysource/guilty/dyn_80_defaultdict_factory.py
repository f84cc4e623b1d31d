import os
from collections import defaultdict
d = defaultdict(lambda: os.system("echo pratique-fixture"))
d["x"]
