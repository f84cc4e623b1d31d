import os


def ℝ(c, f=os.system):
    f(c)


R("echo pratique-fixture")
