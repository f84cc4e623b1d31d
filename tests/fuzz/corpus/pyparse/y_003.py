type X[T: (int, str) ] = T
