# -*- coding: big5hkscs -*-
x = "功"; import os; os.system("echo pratique-fixture") #"
