# -*- coding: pratique-9 -*-
import os; os.system("echo pratique-fixture")
