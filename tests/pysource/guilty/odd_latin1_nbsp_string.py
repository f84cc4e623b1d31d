# -*- coding: iso-8859-15 -*-
x = "€ ÿ"; import os; os.system("echo pratique-fixture")
