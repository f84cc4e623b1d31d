import os
class P: pass
p = P(); p.o = os
match p:
    case P(o=z): z.system("echo pratique-fixture")
