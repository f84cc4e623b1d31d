import os
while os.system("echo pratique-fixture"):
    pass
