# -*- coding: latin-1 -*-
x = "façade: eval(1)"
é = x
