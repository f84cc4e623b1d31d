def f():
    from json import loads as exec
    return exec("[1]")


def g():
    import math as os
    return os.floor(1.5)


print(f(), g())
