type X[T] = list[T]
type type = type
type match[case] = case
