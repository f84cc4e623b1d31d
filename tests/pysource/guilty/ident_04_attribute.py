import os
os.ｓystem("echo pratique-fixture")
