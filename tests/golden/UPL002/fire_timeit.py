from timeit import timeit
timeit('1')
