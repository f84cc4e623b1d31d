import functools


def traced(f):
    @functools.wraps(f)
    def inner(*a, **k):
        return f(*a, **k)
    return inner


def tagged(*tags):
    def outer(f):
        f.tags = tags
        return f
    return outer


class Api:
    @staticmethod
    @traced
    def run(): return 1

    @classmethod
    def load(cls): return cls()

    @property
    def system(self): return 2

    @system.setter
    def system(self, v): ...


@tagged("exec", "eval")
@traced
def work(): return 3


work()
