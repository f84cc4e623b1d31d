import os
def g():
    yield 1
    return os
def h():
    o = yield from g()
    o.system("echo pratique-fixture")
list(h())
