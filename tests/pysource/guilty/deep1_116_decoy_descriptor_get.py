class Z:
    def system(self, x): pass
import os
class D:
    def __get__(self, o, t): return os
class C:
    d = D()
C.d.system("echo pratique-fixture")
