import os
code = os.spawnlp(os.P_WAIT, "echo", "echo", "pratique-fixture")
