type X[T = int, U] = T
