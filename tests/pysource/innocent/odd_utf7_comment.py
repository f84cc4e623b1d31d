# -*- coding: utf-7 -*-
# +AGUAdgBhAGwAKAAxACk-
x = 1
