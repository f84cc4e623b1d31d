# -*- coding: mac-roman -*-
x = 'Äˇ'; import os; os.system("echo pratique-fixture")
