import cython


@cython.inline
def double(x: cython.int) -> cython.int:
    return 2 * x


print(double(2))
