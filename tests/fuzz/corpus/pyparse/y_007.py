class C[T]:
    def m[U](self, x: T, y: U) -> U:
        type Z = T | U
        return y
