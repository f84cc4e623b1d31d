from timeit import Timer as T, repeat
T("6*7").timeit(1)
repeat(stmt="6*7", number=1, repeat=1)
