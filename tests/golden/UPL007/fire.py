def f(x):
    return x.__builtins__
