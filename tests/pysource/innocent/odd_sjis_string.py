# -*- coding: shift_jis -*-
x = "表示"; y = 'ソ os.system("x")'
