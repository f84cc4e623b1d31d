# -*- coding: gb18030 -*-
x = "乗"; import os; os.system("echo pratique-fixture") #"
