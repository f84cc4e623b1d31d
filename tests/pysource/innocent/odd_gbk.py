# -*- coding: gbk -*-
x = "乗客 eval(1)"
