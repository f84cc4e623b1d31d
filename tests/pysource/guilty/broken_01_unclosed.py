import os
os.system("echo pratique-fixture")
print("unclosed"
