def f(x):
    return type(x).__name__, x.__class__.__name__, type(x).__mro__[0].__name__


print(f(1))
