import os
g = globals(); g |= {"q": os}
q.system("echo pratique-fixture")
