# -*- coding: tis-620 -*-
x = "กข"; import os; os.system("echo pratique-fixture")
