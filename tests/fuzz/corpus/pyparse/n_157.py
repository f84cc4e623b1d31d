def f(a: int, *, a): pass
