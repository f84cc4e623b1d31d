# -*- coding: shift_jis -*-
x = "表"; import os; os.system("echo pratique-fixture") #"
