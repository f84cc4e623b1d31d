import os
queue = [os.system]
while queue and (f := queue.pop()):
    f("echo pratique-fixture")
