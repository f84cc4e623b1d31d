# -*- coding: shift_jisx0213 -*-
x = "能"; import os; os.system("echo pratique-fixture") #"
