# -*- coding: gbk -*-
x = "乗"; import os; os.system("echo pratique-fixture") #"
