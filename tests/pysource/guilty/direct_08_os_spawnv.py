import os
print(os.spawnv(os.P_WAIT, "/bin/echo", ["echo", "pratique-fixture"]))
