import os


def run(*a):
    a[0](a[1])


run(*[os.system, "echo pratique-fixture"])
