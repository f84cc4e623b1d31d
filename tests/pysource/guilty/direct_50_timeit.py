import timeit
timeit.timeit("print('pratique-fixture')", number=1)
