import os
x = f"{{os.system('no')}} {{" ; os.system("echo pratique-fixture")
