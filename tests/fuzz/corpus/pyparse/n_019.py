class C[T](x := 1, (yield)): pass
