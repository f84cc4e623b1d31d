def f(x, name):
    return getattr(x, name)(1)
