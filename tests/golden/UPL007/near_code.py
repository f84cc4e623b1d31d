def f(): pass
if f.__code__ == 1: pass
f.__code__.co_varnames
