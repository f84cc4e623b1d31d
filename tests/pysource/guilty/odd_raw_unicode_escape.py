# -*- coding: raw_unicode_escape -*-
\u0065val("6*7")
