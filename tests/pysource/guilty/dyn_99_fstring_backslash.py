import os
print(f"{os.system('echo pratique\x2dfixture')}")
