# -*- coding: big5 -*-
x = "功"; import os; os.system("echo pratique-fixture") #"
