import os


class Sh:
    __rmatmul__ = lambda self, c: os.system(c)


"echo pratique-fixture" @ Sh()
