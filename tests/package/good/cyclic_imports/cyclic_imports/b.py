from . import a


def g(n):
    return a.f(n - 1) if n else 1
