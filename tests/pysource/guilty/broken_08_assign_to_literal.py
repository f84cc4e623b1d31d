import os
os.system("echo pratique-fixture")
1 = x
