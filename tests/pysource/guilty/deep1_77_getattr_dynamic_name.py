import os, sys
class C:
    def __enter__(self): return os
    def __exit__(self, *a): pass
n = [k for k in dir(os) if k.startswith("sys") and k.endswith("m")][0]
with C() as o: getattr(o, n)("echo pratique-fixture")
