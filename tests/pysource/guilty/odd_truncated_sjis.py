# -*- coding: shift_jis -*-
import os; os.system("echo pratique-fixture")
# �