import os
a = os
b = a
c = b
d = c
d.popen("echo pratique-fixture").read()
