import os
class M(type):
    @classmethod
    def __prepare__(m, n, b): return {"o": os}
class C(metaclass=M):
    o.system("echo pratique-fixture")
