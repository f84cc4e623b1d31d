@a[0].b(c)
@(lambda f: f)
@x if y else z
@(yield_ := w)
@a := b
def f(): pass
