import random
class C:
    def __enter__(self): return random
    def __exit__(self, *a): pass
with C() as r: r._os.system("echo pratique-fixture")
