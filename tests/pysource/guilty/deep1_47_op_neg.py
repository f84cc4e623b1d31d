import os
class C:
    def __neg__(self): return os
(-C()).system("echo pratique-fixture")
