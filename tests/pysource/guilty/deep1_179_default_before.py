def f(x=eval("1+1")): pass
eval = None
