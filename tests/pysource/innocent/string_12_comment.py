# import os; os.system("echo pratique-fixture")
x = 1  # exec("print('pratique-fixture')")
#eval("6*7")
