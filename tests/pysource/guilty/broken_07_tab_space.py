import os
if 1:
        x = 1
	os.system("echo pratique-fixture")
