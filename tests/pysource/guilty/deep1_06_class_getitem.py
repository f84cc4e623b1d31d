import os
class C:
    def __class_getitem__(cls, k): return os
C[0].system("echo pratique-fixture")
