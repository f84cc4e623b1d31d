import os
class B:
    def __init_subclass__(cls, o): o.system("echo pratique-fixture")
class C(B, o=os): pass
