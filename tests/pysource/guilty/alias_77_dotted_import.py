import os.path
os.system("echo pratique-fixture")
