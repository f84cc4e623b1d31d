a, *b = *c, d = e
[a, [b, *c]] = (d, e) = f
(a) = (b.c) = (d[e]) = 1
(a): int = 1
a.b: int
a[b]: int = yy
del a, (b, c), [d, e.f], (g)
for a, *b in c: pass
for (a), in b: pass
for a.b in c: pass
a @= b
def f():
    return *a, b
    yield *a, b
    x: int = yield
