def f(a, /, *, b: int = 1) -> int:
    return (a := b)
