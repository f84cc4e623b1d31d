import os
locals()["q"] = os
q.system("echo pratique-fixture")
