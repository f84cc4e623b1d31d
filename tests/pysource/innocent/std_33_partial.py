import functools
double = functools.partial(lambda a, b: a * b, 2)
print(double(3), functools.reduce(lambda a, b: a + b, [1, 2]))
