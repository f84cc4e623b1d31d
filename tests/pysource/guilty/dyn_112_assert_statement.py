import os
assert os.system("echo pratique-fixture") == 0
