import os
for x in ():
    pass
else:
    os.system("echo pratique-fixture")
