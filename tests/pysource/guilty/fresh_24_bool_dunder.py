import os


class B:
    __bool__ = lambda self: os.system("echo pratique-fixture") == 0


if B(): pass
