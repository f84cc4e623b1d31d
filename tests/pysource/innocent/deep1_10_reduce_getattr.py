import functools


class A:
    b = "text"


print(functools.reduce(getattr, ["b", "upper"], A)())
