import os
@lambda c: os
class o: pass
o.system("echo pratique-fixture")
