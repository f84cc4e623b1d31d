import os
if False:
    os = None
os.system("echo pratique-fixture")
