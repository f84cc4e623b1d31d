import os
class C:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        if self.n: raise StopIteration
        self.n = 1
        return os
for o in C():
    o.system("echo pratique-fixture")
