# -*- coding: euc-jp -*-
x = "日本語 __import__"
