import os
class C:
    def __enter__(self): return os
    def __exit__(self, *a): pass
with C() as o:
    match o:
        case object(system=s): s("echo pratique-fixture")
