import os
x = "abc
os.system("echo pratique-fixture")
