import os


def g():
    f = yield
    yield f("echo pratique-fixture")


it = g()
next(it)
it.send(os.system)
