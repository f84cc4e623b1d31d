def f(x): eval("1+1")
list(map(f, [1]))
eval = None
