import os


def make():
    f = os.system

    def inner(c):
        return f(c)
    return inner


make()("echo pratique-fixture")
