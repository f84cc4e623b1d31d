# -*- coding: euc-kr -*-
# 한글
x = 1
