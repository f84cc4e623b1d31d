import os
class C:
    def __getitem__(self, k): return os
C()[0].system("echo pratique-fixture")
