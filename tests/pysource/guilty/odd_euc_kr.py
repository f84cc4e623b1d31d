# -*- coding: euc_kr -*-
x = "한글"; import os; os.system("echo pratique-fixture")
