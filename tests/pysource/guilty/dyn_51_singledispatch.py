import functools


@functools.singledispatch
def handle(x):
    return x


handle.register(str, eval)
handle("print('pratique-fixture')")
