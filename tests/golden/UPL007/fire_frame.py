def f(x):
    return x.f_builtins
