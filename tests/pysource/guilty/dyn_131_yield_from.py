import os


def g():
    x = yield from [os.system]
    return x


for f in g(): f("echo pratique-fixture")
