# -*- coding: cp932 -*-
x = "ソ"; import os; os.system("echo pratique-fixture") #"
