import os
class D:
    def __set_name__(self, o, n): setattr(o, n, os)
class C:
    d = D()
C.d.system("echo pratique-fixture")
