import os
for _ in iter(lambda: os.system("echo pratique-fixture"), 0):
    break
