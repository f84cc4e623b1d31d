import os
t"{os.system('echo pratique-fixture')}"
