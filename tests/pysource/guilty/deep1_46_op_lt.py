import os
class C:
    def __lt__(self, o): return os
(C() < 1).system("echo pratique-fixture")
