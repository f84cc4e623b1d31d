# -*- coding: iso2022_jp -*-
x = "、"; import os; os.system("echo pratique-fixture") #"
