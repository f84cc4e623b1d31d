import os


def f(os=os):
    os.system("echo pratique-fixture")


f()
