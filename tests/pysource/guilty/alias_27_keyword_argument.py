import os


def run(f=None, x=None):
    f(x)


run(x="echo pratique-fixture", f=os.system)
