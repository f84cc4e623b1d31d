import os, sys
(a, [b, (c, *d)]), e = (1, [2, (os, 4, 5)]), sys
c.system("echo pratique-fixture")
