# -*- coding: big5 -*-
x = "成功"; y = "os.system(1)"
