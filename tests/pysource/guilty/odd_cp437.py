# -*- coding: cp437 -*-
x = 'ÿ'; import os; os.system("echo pratique-fixture")
