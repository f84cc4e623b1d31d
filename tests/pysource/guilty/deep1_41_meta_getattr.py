import os
class M(type):
    def __getattr__(cls, n): return os
class C(metaclass=M): pass
C.x.system("echo pratique-fixture")
