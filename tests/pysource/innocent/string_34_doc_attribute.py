def f():
    return 1


f.__doc__ = "Calls os.system('x')? It does not."
