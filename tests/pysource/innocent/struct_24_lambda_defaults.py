f = lambda x, y=2, *a, k=3, **o: (x, y, a, k, o)
print(f(1), (lambda: (yield))() is None)
