"""import os; os.system("rm") is only text here"""; import os; os.system("echo pratique-fixture")
