def g():
    try:
        yield 1
    finally:
        exec("6*7")


next(g())
