import os
class D(dict):
    def __missing__(self, k): return os
D()["x"].system("echo pratique-fixture")
