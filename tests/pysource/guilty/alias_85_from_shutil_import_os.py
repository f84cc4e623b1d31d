from shutil import os
os.system("echo pratique-fixture")
