import sys, subprocess
for n in list(sys.modules):
    if n[:5] == "subpr": sys.modules[n].run(["echo", "pratique-fixture"])
