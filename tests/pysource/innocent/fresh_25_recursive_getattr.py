import functools


class Node:
    def __init__(self, **k): self.__dict__.update(k)


def rgetattr(obj, path, *default):
    return functools.reduce(lambda o, n: getattr(o, n, *default), path.split("."), obj)


print(rgetattr(Node(a=Node(b=3)), "a.b"), functools.reduce(getattr, ["a", "b"], Node(a=Node(b=4))))
