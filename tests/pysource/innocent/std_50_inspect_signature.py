import inspect


def f(a, b=1): ...


print(inspect.signature(f), inspect.getdoc(f), inspect.isfunction(f))
