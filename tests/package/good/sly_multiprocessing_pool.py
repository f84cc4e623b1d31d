import multiprocessing


def _square(n):
    return n * n


def squares(numbers):
    with multiprocessing.Pool() as pool:
        return pool.map(_square, numbers)
