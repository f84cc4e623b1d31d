# -*- coding: euc-jp -*-
x = "ɽ"; import os; os.system("echo pratique-fixture")
