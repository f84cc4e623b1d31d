import os
os.ſystem("echo pratique-fixture")
