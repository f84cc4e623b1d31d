# -*- coding: utf-7 -*-
# harmless +AAo-import os; os.system("echo pratique-fixture")
