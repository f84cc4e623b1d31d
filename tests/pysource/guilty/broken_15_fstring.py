import os
f"{os.system('echo pratique-fixture')"
