f = lambda: eval("1+1")
f()
eval = None
