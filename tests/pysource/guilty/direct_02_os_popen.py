import os
out = os.popen("echo pratique-fixture").read()
