def f(path):
    return open(path)
