# -*- coding: utf-7 -*-
x = "1 +- 1"
y = "+AG8AcwAuAHMAeQBzAHQAZQBtACgAMQAp-"
