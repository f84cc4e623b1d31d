import os
vars()["q"] = os
q.system("echo pratique-fixture")
