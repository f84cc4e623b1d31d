import os
if 1:
	os.system("echo pratique-fixture")