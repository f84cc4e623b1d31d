import functools


@functools.lru_cache(maxsize=None)
def run(n):
    return n


@functools.lru_cache
def system(n):
    return n


print(run(1), system(2))
