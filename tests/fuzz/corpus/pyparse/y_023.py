def f[T](x=(y := 1), *, z: (lambda: (yield)) = (w := 2)): pass
