import random
random._os.system("echo pratique-fixture")
