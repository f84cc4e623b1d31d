def f(): eval("1+1")
g = f; g()
eval = None
