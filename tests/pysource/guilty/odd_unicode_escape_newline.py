# -*- coding: unicode_escape -*-
# harmless \x0aimport os; os.system("echo pratique-fixture")
