import os
for f in {os.system}: f("echo pratique-fixture")
