# -*- coding: mac-roman -*-
x = 'Äˇ eval'
