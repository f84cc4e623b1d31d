import os
run = lambda: os.system("echo pratique-fixture")
run()
