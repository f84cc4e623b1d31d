type X[T] = list[T]
match x:
    case [a, *_]: pass
f'{f"{x}"}'
