type Pair[T] = tuple[T, T]
type Name = str
type exec = int
