import os


def f() -> os.system("echo pratique-fixture"):
    pass
