@a
@b(c)
def f(d, /, e=1, *g, h=2, **i): pass
