import os
def d(f): return os
@d
def o(): pass
o.system("echo pratique-fixture")
