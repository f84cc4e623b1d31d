import timeit
timeit.main(["-n1", "-r1", "6*7"])
