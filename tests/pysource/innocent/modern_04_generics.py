class Stack[T: (int, str), *Ts, **P]:
    def push[U](self, x: T, y: U) -> None: ...


def first[T](xs: list[T]) -> T:
    return xs[0]
