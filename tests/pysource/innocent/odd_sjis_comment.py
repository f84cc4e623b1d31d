# -*- coding: cp932 -*-
# 表 exec(1)
x = 1  # ソ
