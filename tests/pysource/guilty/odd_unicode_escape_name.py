# -*- coding: unicode-escape -*-
\x65\u0076al("6*7")
