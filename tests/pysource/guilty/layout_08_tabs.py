import os
if True:
	if True:
		os.system("echo pratique-fixture")
