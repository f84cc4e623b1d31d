# -*- coding: shift_jis_2004 -*-
x = "十"; import os; os.system("echo pratique-fixture") #"
