# -*- coding: raw_unicode_escape -*-
# x \u000aimport os; os.system("echo pratique-fixture")
