type X[T: int, *Ts, **P] = dict[T, P]
