import os
class M(type):
    def __call__(cls): return os
class C(metaclass=M): pass
C().system("echo pratique-fixture")
