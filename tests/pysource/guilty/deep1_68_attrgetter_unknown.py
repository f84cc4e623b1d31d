import os, operator
class C:
    def __enter__(self): return os
    def __exit__(self, *a): pass
with C() as o: operator.attrgetter("sys" "tem")(o)("echo pratique-fixture")
