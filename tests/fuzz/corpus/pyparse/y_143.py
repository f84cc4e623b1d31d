[y := x for x in z if (w := x)]
def f():
    [y := x for x in z]
    return y
