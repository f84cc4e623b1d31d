import os
for globals()["q"] in [os]: q.system("echo pratique-fixture")
