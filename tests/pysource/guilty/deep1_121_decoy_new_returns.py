class Z:
    def system(self, x): pass
import os
class C:
    def __new__(cls): return os
C().system("echo pratique-fixture")
