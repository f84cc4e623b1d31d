# -*- coding: cp950 -*-
x = "功"; import os; os.system("echo pratique-fixture") #"
