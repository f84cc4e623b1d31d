# -*- coding: cp1252 -*-
x = "“os.system”"
