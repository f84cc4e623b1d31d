import os
def g():
    o = yield
    o.system("echo pratique-fixture")
    yield
i = g(); next(i); i.send(os)
