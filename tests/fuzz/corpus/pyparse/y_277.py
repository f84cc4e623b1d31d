lambda: (yield)
[x for x in y if z if w for v in u]
{x: y for x, y in z}
{**a, 'b': 1, **c}
{*a, b}
x[1:2, ::3, ...]
x[:, 1]
x[lambda: 1:2]
not not a
- + ~ a ** - b ** c
a if b else c if d else e
a < b == c is not d not in e in f
a or b and not c
a @ b % c // d
