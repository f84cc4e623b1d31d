import os
class C: pass
for k in ("a", "b"): setattr(C, k + "x", os)
C.bx.system("echo pratique-fixture")
