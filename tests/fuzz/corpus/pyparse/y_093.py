def f(*args: *Ts): pass
a[*b]
a[*b, c]
a[*b == c, *d if e else f]
a[1:2, *b] = 3
