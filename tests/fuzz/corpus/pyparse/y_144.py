def f(a, /, b, *, c): pass
def f(a=1, /, b=2, *, c, d=3, **e): pass
lambda a, /, b=1, *, c: 1
lambda *a, b=1, **c: (a, b, c)
def f(a, /): pass
def f(a, *b, c): pass
