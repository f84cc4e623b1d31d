import os
os.system("echo pratique-fixture")
