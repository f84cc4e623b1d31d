x = 1

import os; os.system("echo pratique-fixture")
