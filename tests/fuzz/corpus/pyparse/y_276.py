f(*a, b, *c, d=1, *e, **g, h=2, **i)
f(x for x in y)
f((x for x in y), 1)
f(**a, b=1)
f(a, b, *c,)
f(a=b if c else d, e=lambda: 1)
class C(*a, b=c, **d): pass
