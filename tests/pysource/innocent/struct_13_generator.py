def g():
    x = yield 1
    yield from range(x or 2)


it = g()
next(it)
it.send(3)
it.close()
